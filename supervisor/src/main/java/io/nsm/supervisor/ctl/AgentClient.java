package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.ApiError;
import io.nsm.supervisor.api.ErrorCode;
import io.nsm.supervisor.wire.Json;
import io.nsm.supervisor.wire.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks agents over HTTP: the first of several that answers.
 *
 * <p>Built on {@link HttpURLConnection}, because a command should be quick: its first answer is
 * there in 40 ms, that of {@code java.net.http} in 320 ms.
 */
final class AgentClient {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** Longer than an agent takes to say that it has no answer. */
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(45);

  /** The largest answer that is read. */
  private static final int MAX_ANSWER_BYTES = 64 << 20;

  private final List<Address> addresses;
  private final Tokens tokens;
  // The one that answered last is asked first: its view does not jump back and forth.
  private int preferred;

  AgentClient(List<Address> addresses, Tokens tokens) {
    this.addresses = List.copyOf(addresses);
    this.tokens = tokens;
  }

  /**
   * Asks.
   *
   * @throws Failure if no agent answers, or the answer is a refusal
   */
  <T> T get(String path, Class<T> type) {
    return ask("GET", path, new byte[0], type);
  }

  /** Asks about something that takes a body, and changes nothing. */
  <T> T query(String path, Object body, Class<T> type) {
    return ask("POST", path, Json.bytes(body), type);
  }

  /**
   * Has something changed.
   *
   * @param body carries a request id, so that sending it again, to another agent as well, does no
   *     harm
   */
  <T> T change(String path, Object body, Class<T> type) {
    tokens.require(preferred);
    return ask("POST", path, Json.bytes(body), type);
  }

  private <T> T ask(String method, String path, byte[] body, Class<T> type) {
    List<String> unreachable = new ArrayList<>();
    for (int attempt = 0; attempt < addresses.size(); attempt++) {
      int agent = (preferred + attempt) % addresses.size();
      boolean last = attempt == addresses.size() - 1;
      try {
        Answer answer = exchange(agent, method, path, body);
        T value = read(addresses.get(agent), answer, type);
        preferred = agent;
        return value;
      } catch (IOException noAnswer) {
        unreachable.add(addresses.get(agent) + " (" + reason(noAnswer) + ")");
      } catch (Failure refused) {
        // Another agent may be on the side that has the majority.
        if (refused.code() != ExitCode.UNREACHABLE || last) {
          throw refused;
        }
      }
    }
    throw new Failure(
        ExitCode.UNREACHABLE,
        "no agent answers at " + String.join(", ", unreachable),
        "start one with 'nsm-agent run', or name another with --agent HOST:PORT or "
            + Address.VARIABLE);
  }

  private record Answer(int status, byte[] body) {}

  private Answer exchange(int agent, String method, String path, byte[] body) throws IOException {
    URI uri = URI.create("http://" + addresses.get(agent) + path);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
    connection.setReadTimeout((int) READ_TIMEOUT.toMillis());
    connection.setInstanceFollowRedirects(false);
    connection.setRequestMethod(method);
    connection.setRequestProperty("Accept", "application/json");
    tokens
        .find(agent)
        .ifPresent(token -> connection.setRequestProperty("Authorization", "Bearer " + token));
    if (method.equals("POST")) {
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
      // Not in the streaming mode: there a 401 is an exception without the agent's words.
      connection.getOutputStream().write(body);
    }
    int status = connection.getResponseCode();
    InputStream stream = status < 400 ? connection.getInputStream() : connection.getErrorStream();
    if (stream == null) {
      return new Answer(status, new byte[0]);
    }
    try (stream) {
      return new Answer(status, stream.readNBytes(MAX_ANSWER_BYTES));
    }
  }

  private static <T> T read(Address address, Answer answer, Class<T> type) {
    try {
      if (answer.status() == 200) {
        return Json.read(answer.body(), type);
      }
      throw refusal(Json.read(answer.body(), ApiError.class));
    } catch (MalformedException notOurs) {
      throw new Failure(
          ExitCode.ERROR,
          address
              + " answers ("
              + answer.status()
              + "), but not as an NSM agent of this version does: "
              + firstLine(notOurs),
          "check the address, and compare 'nsmctl version' with the agent's version");
    }
  }

  private static Failure refusal(ApiError error) {
    String hint =
        error
            .hint()
            .orElse(
                error.code() == ErrorCode.NO_QUORUM
                    ? "see 'nsmctl status' for the hosts that are missing"
                    : "");
    return new Failure(ExitCode.of(error.code()), error.message(), hint);
  }

  private static String reason(IOException noAnswer) {
    String message = noAnswer.getMessage();
    return message == null ? noAnswer.getClass().getSimpleName() : message;
  }

  private static String firstLine(MalformedException malformed) {
    return String.valueOf(malformed.getMessage()).lines().findFirst().orElse("");
  }
}
