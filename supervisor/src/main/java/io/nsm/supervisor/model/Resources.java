package io.nsm.supervisor.model;

import java.util.Optional;

/**
 * What a run gets from its host's operating system; what is empty stays as the agent has it.
 *
 * @param memoryLimit in bytes, of all its processes together
 * @param cpuLimit in processors: 0.5 is half of the time of one
 * @param cpuWeight its share where processors are short, from 1 to 10000; others have 100
 * @param user the name or number of the user its programs run as
 * @param group of the user's groups the one that counts first; the user's own if empty
 * @param workDir the directory the program starts in, an absolute path
 * @param umask octal: the rights that files made by the program never have
 * @param files how many files, sockets and pipes each of its processes may have open
 * @param nice from -20, first in line for the processor, to 19
 */
public record Resources(
    Optional<Long> memoryLimit,
    Optional<Double> cpuLimit,
    Optional<Integer> cpuWeight,
    Optional<String> user,
    Optional<String> group,
    Optional<String> workDir,
    Optional<String> umask,
    Optional<Integer> files,
    Optional<Integer> nice) {
  public static final Resources NONE =
      new Resources(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** The same, in another directory. */
  public Resources in(Optional<String> directory) {
    return new Resources(
        memoryLimit, cpuLimit, cpuWeight, user, group, directory, umask, files, nice);
  }

  /** The same, with a limit of memory if there is none yet. */
  public Resources within(Optional<Long> bytes) {
    return new Resources(
        memoryLimit.or(() -> bytes), cpuLimit, cpuWeight, user, group, workDir, umask, files, nice);
  }
}
