package io.nsm.agent.cluster;

import io.nsm.process.ManagedProcess;
import io.nsm.process.ProcessContext;
import io.nsm.process.Term;
import io.nsm.process.runtime.NsmRuntime;

/** Saves the largest checkpoint there may be, says so, and then one that is larger by a byte. */
public final class Oversaver implements ManagedProcess {

  public static void main(String[] args) {
    NsmRuntime.run(new Oversaver(), args);
  }

  @Override
  public void start(ProcessContext context) {
    // Nothing is needed before it acts.
  }

  @Override
  public void activate(Term term) throws Exception {
    if (term.lastCheckpoint().isEmpty()) {
      System.out.println("saved " + term.save(new byte[term.maxCheckpointSize()]).sequence());
    }
    System.out.println("found " + term.lastCheckpoint().map(saved -> saved.state().length));
    term.save(new byte[term.maxCheckpointSize() + 1]);
  }
}
