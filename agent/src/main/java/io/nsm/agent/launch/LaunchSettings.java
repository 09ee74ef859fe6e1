package io.nsm.agent.launch;

import io.nsm.supervisor.config.HostFacts;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a host gives its runs.
 *
 * @param runDirectory where the runs' directories are made, under {@code runs/}
 * @param workingDirectory where programs start, and what relative paths of declarations are
 *     relative to
 * @param javaHome the JDK of programs that declare none; empty: {@code java} on the agent's path
 * @param groups the control groups that runs are kept in
 * @param keptRuns how many ended runs of an instance are kept for their logs
 */
public record LaunchSettings(
    Path runDirectory,
    Path workingDirectory,
    Optional<Path> javaHome,
    HostFacts facts,
    ControlGroups groups,
    int keptRuns) {
  public static final int KEPT_RUNS = 5;

  public LaunchSettings {
    runDirectory = runDirectory.toAbsolutePath().normalize();
    workingDirectory = workingDirectory.toAbsolutePath().normalize();
  }
}
