package io.nsm.supervisor.ctl;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the token that an agent wants to see before it changes something. */
final class Tokens {
  static final String VARIABLE = "NSM_API_TOKEN";

  private final Surroundings surroundings;
  private final List<Path> named;

  /**
   * @param named files that the user named: none, one for all agents, or one for each
   */
  Tokens(Surroundings surroundings, List<Path> named) {
    this.surroundings = surroundings;
    this.named = List.copyOf(named);
  }

  /**
   * The token for one of the agents.
   *
   * @param agent its place among the addresses
   * @throws Failure that says where a token was looked for
   */
  String require(int agent) {
    List<String> tried = new ArrayList<>();
    return find(agent, tried)
        .orElseThrow(
            () ->
                new Failure(
                    ExitCode.DENIED,
                    "changing something needs the agent's token, and none could be read: "
                        + String.join("; ", tried),
                    "run nsmctl as the agent's user, or name the file 'token' of its data"
                        + " directory with --token-file, or set "
                        + VARIABLE));
  }

  /** The token for one of the agents, if there is one: some agents want it for reading too. */
  Optional<String> find(int agent) {
    return find(agent, new ArrayList<>());
  }

  private Optional<String> find(int agent, List<String> tried) {
    if (!named.isEmpty()) {
      return read(named.get(named.size() == 1 ? 0 : agent), tried);
    }
    Optional<String> given = surroundings.variable(VARIABLE);
    if (given.isPresent()) {
      return given;
    }
    return surroundings.tokenFiles().stream()
        .flatMap(file -> read(file, tried).stream())
        .findFirst();
  }

  private Optional<String> read(Path file, List<String> tried) {
    try {
      String token = Files.readString(surroundings.directory().resolve(file)).strip();
      if (!token.isEmpty()) {
        return Optional.of(token);
      }
      tried.add(file + " (empty)");
    } catch (NoSuchFileException missing) {
      tried.add(file + " (no such file)");
    } catch (AccessDeniedException denied) {
      tried.add(file + " (permission denied)");
    } catch (IOException unreadable) {
      tried.add(file + " (" + unreadable.getMessage() + ")");
    }
    return Optional.empty();
  }
}
