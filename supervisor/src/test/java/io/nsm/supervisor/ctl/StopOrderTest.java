package io.nsm.supervisor.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.api.ProcessStatus;
import io.nsm.supervisor.api.Wanted;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StopOrderTest {
  private static final ProcessName A = new ProcessName("a");
  private static final ProcessName B = new ProcessName("b");
  private static final ProcessName C = new ProcessName("c");

  private static List<ProcessName> order(Map<ProcessName, Set<ProcessName>> needs) {
    List<ProcessStatus> chosen =
        Stream.of(A, B, C)
            .map(
                name ->
                    new ProcessStatus(
                        name,
                        Mode.REPLICATED,
                        Wanted.RUNNING,
                        1,
                        1,
                        Epoch.NONE,
                        Optional.empty(),
                        List.of(),
                        List.of()))
            .toList();
    return StopOrder.of(chosen, needs).stream().map(ProcessStatus::name).toList();
  }

  @Test
  void stops_each_before_what_it_needs() {
    assertThat(order(Map.of(C, Set.of(B), B, Set.of(A)))).containsExactly(C, B, A);
    assertThat(order(Map.of(B, Set.of(A)))).containsExactly(B, A, C);
  }

  @Test
  void keeps_the_order_of_what_does_not_need_each_other() {
    assertThat(order(Map.of())).containsExactly(A, B, C);
    assertThat(order(Map.of(A, Set.of(B), B, Set.of(A)))).containsExactlyInAnyOrder(A, B, C);
  }
}
