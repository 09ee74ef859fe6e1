package io.nsm.agent.launch;

/**
 * One life of a process number: numbers are used again, the pair is not until the next boot.
 *
 * @param startTicks field 22 of {@code /proc/<pid>/stat}, in clock ticks since boot
 */
record Pid(long number, long startTicks) {

  /** Whether this very process runs; one that only waits to be reaped does not. */
  boolean lives() {
    return ProcStat.read(number)
        .filter(stat -> stat.pid().equals(this))
        .filter(ProcStat::runs)
        .isPresent();
  }

  /**
   * Sends TERM or KILL, if the number still belongs to this process. {@link ProcessHandle} compares
   * the start time once more right before the signal.
   */
  void signal(boolean force) {
    ProcessHandle.of(number)
        .filter(handle -> lives())
        .ifPresent(
            handle -> {
              if (force) {
                handle.destroyForcibly();
              } else {
                handle.destroy();
              }
            });
  }
}
