package io.nsm.supervisor.model;

import java.util.Optional;

/**
 * What a run gets from its host's operating system; what is empty stays as the agent has it.
 *
 * @param workDir the directory the program starts in, an absolute path
 * @param umask octal: the rights that files made by the program never have
 * @param files how many files, sockets and pipes each of its processes may have open
 * @param nice from -20, first in line for the processor, to 19
 */
public record Resources(
    Optional<String> workDir,
    Optional<String> umask,
    Optional<Integer> files,
    Optional<Integer> nice) {
  public static final Resources NONE =
      new Resources(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** The same, in another directory. */
  public Resources in(Optional<String> directory) {
    return new Resources(directory, umask, files, nice);
  }
}
