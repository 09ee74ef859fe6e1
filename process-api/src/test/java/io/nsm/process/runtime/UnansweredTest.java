package io.nsm.process.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.process.link.ToAgent.Save;
import io.nsm.process.link.ToProcess.SaveResult;
import org.junit.jupiter.api.Test;

class UnansweredTest {
  private final Unanswered unanswered = new Unanswered();

  private Save save(long epoch) {
    return new Save(unanswered.nextCorrelation(), epoch, 1, new byte[0]);
  }

  @Test
  void a_save_waits_until_its_term_is_over() {
    var answer = unanswered.add(save(7));
    unanswered.endSaves(6);
    assertThat(answer).isNotDone();

    unanswered.endSaves(7);

    assertThat(answer).isCompletedWithValue(SaveResult.TERM_ENDED);
  }

  /** A thread may have stood still between its look at the lease and its save. */
  @Test
  void a_save_that_comes_after_its_term_is_over_does_not_wait() {
    unanswered.endSaves(7);
    unanswered.endSaves(6);

    assertThat(unanswered.add(save(7))).isCompletedWithValue(SaveResult.TERM_ENDED);
    assertThat(unanswered.add(save(8))).isNotDone();
  }
}
