package io.nsm.process.runtime;

import io.nsm.process.Checkpoint;
import java.util.Optional;

/** What the thread of the callbacks is to do next. */
sealed interface Order {

  /** Must handle every order. */
  interface Cases {
    void enter(Enter enter) throws Exception;

    void leave(Leave leave) throws Exception;

    void complete(Complete complete) throws Exception;

    void fail(Fail fail) throws Exception;

    void stop(Stop stop) throws Exception;
  }

  void match(Cases cases) throws Exception;

  /** Begin to act. */
  record Enter(long epoch, Optional<Checkpoint> checkpoint) implements Order {
    @Override
    public void match(Cases cases) throws Exception {
      cases.enter(this);
    }
  }

  /** Stop acting in an epoch and all before it. */
  record Leave(long epoch) implements Order {
    @Override
    public void match(Cases cases) throws Exception {
      cases.leave(this);
    }
  }

  /** End, as the work is complete. */
  record Complete() implements Order {
    @Override
    public void match(Cases cases) throws Exception {
      cases.complete(this);
    }
  }

  /** End with an error. */
  record Fail(String reason) implements Order {
    @Override
    public void match(Cases cases) throws Exception {
      cases.fail(this);
    }
  }

  /** End in order. */
  record Stop() implements Order {
    @Override
    public void match(Cases cases) throws Exception {
      cases.stop(this);
    }
  }
}
