package io.nsm.process;

/**
 * A process that NSM starts, watches and, where it must not run twice, promotes.
 *
 * <p>The callbacks of one process are never called at the same time. An exception from any of them
 * ends the JVM with exit code 70; the agent then decides what happens next.
 */
public interface ManagedProcess {

  /**
   * Prepares everything that is needed before this instance may act: opens ports, warms caches.
   * When it returns the instance is READY. Called once, first.
   */
  void start(ProcessContext context) throws Exception;

  /**
   * Begins to act in a term. Must return soon: long work belongs on a thread of the process, which
   * checks {@link Term#ensureActive()} before each effect. Not called for processes whose instances
   * all act ({@code mode: replicated}).
   */
  default void activate(Term term) throws Exception {}

  /**
   * Stops acting in the current term: when it returns, nothing of this term may happen any more. A
   * last {@link Term#save} is still possible from within this call.
   */
  default void deactivate() throws Exception {}

  /** Ends the process in order. After it returned the JVM exits with code 0. */
  default void stop() throws Exception {}
}
