package io.nsm.process.runtime;

import io.nsm.process.ManagedProcess;
import io.nsm.process.ProcessContext;
import io.nsm.process.Term;
import io.nsm.process.link.HostClock;
import io.nsm.process.link.RunEnvironment;
import io.nsm.process.link.ToAgent.Activated;
import io.nsm.process.link.ToProcess;
import io.nsm.process.link.ToProcess.Activate;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Goes through an activation once, with neither link nor process, so that the first real one finds
 * its classes loaded: when it comes, nobody acts until it is done.
 */
final class Rehearsal {
  private static final long EPOCH = 1;
  private static final long LEASE_MILLIS = 60_000;

  private Rehearsal() {}

  static void run(RunEnvironment environment, HostClock clock) {
    RunningProcess scratch =
        new RunningProcess(new Nothing(), environment, List.of(), clock, code -> {});
    ByteBuffer frame =
        new Activate(EPOCH, clock.now().plusMillis(LEASE_MILLIS), Optional.empty()).frame();
    frame.getInt();
    try {
      scratch.activate((Activate) ToProcess.read(frame));
      scratch.carryOutNext();
    } catch (Exception bug) {
      throw new IllegalStateException("an activation cannot be gone through", bug);
    }
    new Activated(EPOCH).frame();
  }

  private static final class Nothing implements ManagedProcess {
    @Override
    public void start(ProcessContext context) {
      // There is nothing to prepare.
    }

    @Override
    public void activate(Term term) {
      if (term.isActive() && term.lastCheckpoint().isPresent()) {
        throw new IllegalStateException("a rehearsal has no checkpoint");
      }
    }
  }
}
