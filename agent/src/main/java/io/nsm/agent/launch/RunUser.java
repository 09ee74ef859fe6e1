package io.nsm.agent.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nsm.supervisor.model.ProcessSpec;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * As whom a run is started, if not as the agent.
 *
 * @param name as the host knows it; the number where it knows none
 * @param known whether the host knows it, and which groups it is in
 */
record RunUser(String name, int uid, int gid, String home, boolean known) {
  private static final int ROOT = 0;
  private static final long LONGEST_SECONDS = 5;

  /**
   * The user that a declaration asks for; empty if it is the agent's own.
   *
   * @throws CannotLaunchException if there is none, or the agent may not become it: a program never
   *     starts with other rights than were declared
   */
  static Optional<RunUser> of(ProcessSpec spec, String host) {
    if (spec.resources().user().isEmpty()) {
      return Optional.empty();
    }
    String declared = spec.resources().user().get();
    RunUser user = found(declared).orElseThrow(() -> failed(spec, "user", host, "no such user"));
    int gid =
        spec.resources()
            .group()
            .map(
                group ->
                    groupNumber(group)
                        .orElseThrow(() -> failed(spec, "group", host, "no such group")))
            .orElse(user.gid());
    int own = own("uid");
    if (user.uid() == own && gid == own("gid")) {
      return Optional.empty();
    }
    if (own != ROOT) {
      throw failed(
          spec,
          "user",
          host,
          "the agent is not root and cannot become it; run the agent as root, or as that user");
    }
    if (HostPrograms.find("setpriv").isEmpty()) {
      throw failed(spec, "user", host, "no program 'setpriv'; install util-linux");
    }
    return Optional.of(new RunUser(user.name(), user.uid(), gid, user.home(), user.known()));
  }

  /** What this host does not permit; empty if it permits any user. */
  static Optional<String> lacking() {
    if (own("uid") != ROOT) {
      return Optional.of("the agent is not root: 'user' can only be its own");
    }
    return HostPrograms.find("setpriv").isEmpty()
        ? Optional.of("there is no program 'setpriv': 'user' cannot be used; install util-linux")
        : Optional.empty();
  }

  /** Words to put before a program, so that it gives up what root may do. */
  List<String> words() {
    String setpriv = HostPrograms.find("setpriv").orElseThrow().toString();
    String groups = known ? "--init-groups" : "--clear-groups";
    return List.of(setpriv, "--reuid=" + (known ? name : uid), "--regid=" + gid, groups, "--");
  }

  /** What a login of this user would set. */
  Map<String, String> environment() {
    return Map.of("HOME", home, "USER", name, "LOGNAME", name);
  }

  private static Optional<RunUser> found(String declared) {
    // name:password:uid:gid:comment:home:shell
    Optional<String[]> line = entry("passwd", declared).filter(parts -> parts.length >= 6);
    if (line.isPresent()) {
      String[] parts = line.get();
      return Optional.of(
          new RunUser(
              parts[0], Integer.parseInt(parts[2]), Integer.parseInt(parts[3]), parts[5], true));
    }
    return number(declared).map(uid -> new RunUser(declared, uid, uid, "/", false));
  }

  private static Optional<Integer> groupNumber(String declared) {
    return entry("group", declared)
        .filter(parts -> parts.length >= 3)
        .map(parts -> Integer.valueOf(parts[2]))
        .or(() -> number(declared));
  }

  private static Optional<Integer> number(String text) {
    return text.matches("[0-9]{1,9}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
  }

  /** As all sources of the host say it, a directory service included. */
  private static Optional<String[]> entry(String database, String key) {
    try {
      Process getent =
          new ProcessBuilder("getent", database, key).redirectError(Redirect.DISCARD).start();
      String line = new String(getent.getInputStream().readNBytes(64 * 1024), UTF_8);
      if (!getent.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || getent.exitValue() != 0) {
        getent.destroyForcibly();
        return Optional.empty();
      }
      return Optional.of(line.strip().split(":", -1));
    } catch (IOException e) {
      throw new CannotLaunchException("cannot look up users: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotLaunchException("the agent ends");
    }
  }

  private static int own(String attribute) {
    try {
      return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:" + attribute);
    } catch (IOException e) {
      throw new CannotLaunchException("cannot tell as whom the agent runs: " + e);
    }
  }

  private static CannotLaunchException failed(
      ProcessSpec spec, String key, String host, String what) {
    String value =
        (key.equals("user") ? spec.resources().user() : spec.resources().group()).orElse("");
    return new CannotLaunchException(
        "processes." + spec.name() + "." + key + ": '" + value + "' on host " + host + ": " + what);
  }
}
