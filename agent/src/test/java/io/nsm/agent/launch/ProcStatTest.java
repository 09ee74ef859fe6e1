package io.nsm.agent.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcStatTest {
  @Test
  void reads_a_line_whatever_the_process_is_called() {
    ProcStat stat =
        ProcStat.parse(
            "4711 (a) R (b c) S 1 4700 4690 0 -1 4194304 5 0 0 0 1 2 3 4 20 0 1 0 123456 99 0\n");

    assertThat(stat).isEqualTo(new ProcStat(new Pid(4711, 123456), 'S', 4690));
  }

  @Test
  void sees_itself_run_and_nobody_under_another_start_time() {
    Pid self = ProcStat.read(ProcessHandle.current().pid()).orElseThrow().pid();

    assertThat(self.lives()).isTrue();
    assertThat(new Pid(self.number(), self.startTicks() - 1).lives()).isFalse();
  }
}
