package io.nsm.agent.http;

import io.nsm.agent.http.Operations.EventQuery;
import io.nsm.agent.http.Operations.LogQuery;
import io.nsm.supervisor.api.ActionRequest;
import io.nsm.supervisor.api.ApplyRequest;
import io.nsm.supervisor.api.ErrorCode;
import io.nsm.supervisor.api.LogChunk;
import io.nsm.supervisor.api.PlanRequest;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.wire.Json;
import io.nsm.supervisor.wire.MalformedException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Where a request goes.
 *
 * @param access who may ask
 * @param patience how long it may wait for something to happen, beyond the time an answer takes
 * @param answer asks the agent, given the body
 */
record Route(Access access, Duration patience, Function<byte[], CompletionStage<Reply>> answer) {
  /** How long a request may ask to wait for something to happen. */
  static final Duration MAX_FOLLOW = Duration.ofSeconds(30);

  /** How far back output may be asked for. */
  static final Duration MAX_SINCE = Duration.ofDays(366);

  static final int MAX_EVENTS = 1000;
  static final int MAX_LINES = 10_000;
  private static final int DEFAULT_COUNT = 100;

  /** Who may ask. */
  enum Access {
    /** Anybody who reaches the port: load balancers. */
    HEALTH,
    /** Anybody on this host; with the token from elsewhere. */
    READ,
    /** Who has the token. */
    CHANGE
  }

  /** An answer: its HTTP status and what is written as JSON. */
  record Reply(int status, Object body) {
    static Reply ok(Object body) {
      return new Reply(200, body);
    }
  }

  /**
   * Finds the way of a request.
   *
   * @throws Refusal if there is no such address, or it is asked wrongly
   */
  static Route of(Request request, Operations operations) {
    List<String> path = request.path();
    if (path.size() < 2 || !path.get(0).equals("v1")) {
      throw noSuchAddress(request);
    }
    return switch (path.get(1)) {
      case "processes" -> process(request, operations);
      case "logs" -> logs(request, operations);
      default -> plain(request, operations);
    };
  }

  private static Route plain(Request request, Operations operations) {
    if (request.path().size() != 2) {
      throw noSuchAddress(request);
    }
    switch (request.path().get(1)) {
      case "status":
        return read(request, () -> operations.status());
      case "doctor":
        return read(request, () -> operations.doctor());
      case "version":
        return read(request, () -> CompletableFuture.completedStage(operations.version()));
      case "events":
        return events(request, operations);
      case "plan":
        return write(request, Access.READ, body -> operations.plan(read(body, PlanRequest.class)));
      case "apply":
        return write(
            request, Access.CHANGE, body -> operations.apply(read(body, ApplyRequest.class)));
      case "livez":
        method(request, "GET");
        return health(() -> CompletableFuture.completedStage(Reply.ok(Map.of("live", true))));
      case "readyz":
        method(request, "GET");
        return health(
            () ->
                operations
                    .readiness()
                    .thenApply(ready -> new Reply(ready.ready() ? 200 : 503, ready)));
      default:
        throw noSuchAddress(request);
    }
  }

  private static Route process(Request request, Operations operations) {
    List<String> path = request.path();
    if (path.size() == 4 && path.get(3).equals("active")) {
      method(request, "GET");
      ProcessName name = processName(path.get(2));
      return health(
          () -> operations.activeHere(name).thenApply(active -> activeOr503(name, active)));
    }
    if (path.size() != 3) {
      throw noSuchAddress(request);
    }
    int colon = path.get(2).indexOf(':');
    if (colon < 0) {
      ProcessName name = processName(path.get(2));
      return read(request, () -> operations.describe(name));
    }
    ProcessName name = processName(path.get(2).substring(0, colon));
    ActionRequest.Action action = action(path.get(2).substring(colon + 1), request);
    return write(
        request,
        Access.CHANGE,
        body -> operations.act(name, action, read(body, ActionRequest.class)));
  }

  private static Reply activeOr503(ProcessName name, Optional<?> active) {
    return active
        .map(Reply::ok)
        .orElseGet(() -> new Reply(503, Map.of("active", false, "process", name.name())));
  }

  private static Route events(Request request, Operations operations) {
    request.allowOnly("from", "limit", "follow");
    method(request, "GET");
    EventQuery query =
        new EventQuery(
            request.number("from"),
            request.count("limit", DEFAULT_COUNT, MAX_EVENTS),
            request.seconds("follow", MAX_FOLLOW));
    return new Route(
        Access.READ, query.patience(), body -> operations.events(query).thenApply(Reply::ok));
  }

  private static Route logs(Request request, Operations operations) {
    request.allowOnly("stream", "previous", "lines", "from", "since", "follow");
    method(request, "GET");
    if (request.path().size() != 4) {
      throw noSuchAddress(request);
    }
    Optional<Duration> since = request.number("since").map(Duration::ofSeconds);
    if (since.isPresent() && (request.text("from").isPresent() || request.flag("previous"))) {
      throw Refusal.of(
          ErrorCode.INVALID,
          "?since= says by itself where to begin",
          "leave out from and previous");
    }
    if (since.map(time -> time.isNegative() || time.compareTo(MAX_SINCE) > 0).orElse(false)) {
      throw Refusal.of(
          ErrorCode.INVALID,
          "?since=" + since.get().toSeconds() + ": not from 0 to " + MAX_SINCE.toSeconds());
    }
    LogQuery query =
        new LogQuery(
            instanceId(request.path().get(2), request.path().get(3)),
            stream(request.text("stream").orElse("stdout")),
            request.flag("previous"),
            request.count("lines", DEFAULT_COUNT, MAX_LINES),
            request.text("from"),
            since,
            request.seconds("follow", MAX_FOLLOW));
    return new Route(
        Access.READ, query.patience(), body -> operations.logs(query).thenApply(Reply::ok));
  }

  private interface Question {
    CompletionStage<?> ask();
  }

  private interface Order {
    CompletionStage<?> give(byte[] body);
  }

  private static Route read(Request request, Question question) {
    request.allowOnly();
    method(request, "GET");
    return new Route(Access.READ, Duration.ZERO, body -> question.ask().thenApply(Reply::ok));
  }

  private static Route write(Request request, Access access, Order order) {
    request.allowOnly();
    method(request, "POST");
    return new Route(access, Duration.ZERO, body -> order.give(body).thenApply(Reply::ok));
  }

  private interface Examination {
    CompletionStage<Reply> ask();
  }

  private static Route health(Examination examination) {
    return new Route(Access.HEALTH, Duration.ZERO, body -> examination.ask());
  }

  private static <T> T read(byte[] body, Class<T> type) {
    try {
      return Json.read(body, type);
    } catch (MalformedException malformed) {
      throw Refusal.of(ErrorCode.INVALID, "the body is " + malformed.getMessage());
    }
  }

  private static void method(Request request, String expected) {
    if (!request.method().equals(expected)) {
      throw Refusal.of(
          ErrorCode.INVALID,
          request.method() + " " + address(request) + ": not understood",
          "use " + expected);
    }
  }

  private static ActionRequest.Action action(String word, Request request) {
    try {
      return ActionRequest.Action.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw noSuchAddress(request);
    }
  }

  private static ProcessName processName(String text) {
    try {
      return new ProcessName(text);
    } catch (IllegalArgumentException invalid) {
      throw Refusal.of(ErrorCode.INVALID, String.valueOf(invalid.getMessage()));
    }
  }

  private static InstanceId instanceId(String process, String number) {
    try {
      return InstanceId.parse(process + "/" + number);
    } catch (IllegalArgumentException invalid) {
      throw Refusal.of(
          ErrorCode.INVALID,
          "'" + process + "/" + number + "' is not an instance such as importer/1");
    }
  }

  private static LogChunk.Stream stream(String word) {
    try {
      return LogChunk.Stream.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw Refusal.of(ErrorCode.INVALID, "?stream=" + word + ": neither stdout nor stderr");
    }
  }

  private static Refusal noSuchAddress(Request request) {
    return Refusal.of(
        ErrorCode.NOT_FOUND,
        address(request) + ": no such address",
        "see docs/reference/http-api.md");
  }

  private static String address(Request request) {
    return "/" + String.join("/", request.path());
  }
}
