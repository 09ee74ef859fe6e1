package io.nsm.agent.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nsm.agent.http.Route.Access;
import io.nsm.agent.http.Route.Reply;
import io.nsm.supervisor.api.ApiError;
import io.nsm.supervisor.api.ErrorCode;
import io.nsm.supervisor.wire.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@link Operations} over HTTP. A request that waits (for an event, for a decision) holds no
 * thread.
 */
public final class HttpApi implements AutoCloseable {
  /** The largest body that is read: some thousand declarations. */
  static final int MAX_BODY_BYTES = 1 << 20;

  /** How many requests may be under way; more are told to come back. */
  static final int MAX_IN_FLIGHT = 128;

  private static final int THREADS = 4;

  /** How many connections are open at most; with it the queue before the threads is bounded. */
  private static final String MAX_CONNECTIONS = "256";

  /** How long a caller may take to send a request, in seconds. */
  private static final String MAX_REQUEST_SECONDS = "20";

  private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);

  static {
    // The JDK's server reads these once, when its first instance is made.
    setUnlessGiven("jdk.httpserver.maxConnections", MAX_CONNECTIONS);
    setUnlessGiven("sun.net.httpserver.maxReqTime", MAX_REQUEST_SECONDS);
    // Without it each answer on a kept connection waits 40 ms for an acknowledgement.
    setUnlessGiven("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final Operations operations;
  private final AgentToken token;
  private final Duration answerWithin;
  private final boolean onlyFromThisHost;
  private final AtomicInteger inFlight = new AtomicInteger();

  /**
   * Binds and serves.
   *
   * @param bind where to listen; port 0 takes any
   * @param answerWithin after this time without an answer of the agent the caller is told that the
   *     outcome is not known
   * @throws IOException if the address cannot be bound; says which
   */
  public HttpApi(
      InetSocketAddress bind, AgentToken token, Operations operations, Duration answerWithin)
      throws IOException {
    this.operations = operations;
    this.token = token;
    this.answerWithin = answerWithin;
    this.onlyFromThisHost = bind.getAddress() != null && bind.getAddress().isLoopbackAddress();
    try {
      this.server = HttpServer.create(bind, 0);
    } catch (IOException notBound) {
      throw new IOException(
          "cannot listen for HTTP on "
              + bind.getHostString()
              + ":"
              + bind.getPort()
              + ": "
              + notBound.getMessage()
              + "; give another address as 'http' in the agent's configuration",
          notBound);
    }
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            THREADS, task -> daemon(task, "nsm-http-" + number.incrementAndGet()));
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Stops at once; who still waits gets no answer. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) {
    if (inFlight.incrementAndGet() > MAX_IN_FLIGHT) {
      finish(
          exchange,
          503,
          error(ErrorCode.TIMED_OUT, "more than " + MAX_IN_FLIGHT + " requests at once"));
      return;
    }
    CompletionStage<Reply> reply;
    try {
      reply = reply(exchange);
    } catch (IOException | RuntimeException failure) {
      reply = CompletableFuture.failedStage(failure);
    }
    reply
        .exceptionally(failure -> refused(exchange, failure))
        .whenCompleteAsync(
            (answer, bug) -> finish(exchange, answer.status(), answer.body()), threads);
  }

  private CompletionStage<Reply> reply(HttpExchange exchange) throws IOException {
    Request request = Request.of(exchange.getRequestMethod(), exchange.getRequestURI());
    Route route = Route.of(request, operations);
    authenticate(exchange, route.access());
    byte[] body = body(exchange);
    return route
        .answer()
        .apply(body)
        .toCompletableFuture()
        .copy()
        .orTimeout(answerWithin.plus(route.patience()).toMillis(), TimeUnit.MILLISECONDS);
  }

  private void authenticate(HttpExchange exchange, Access access) {
    if (access == Access.HEALTH || (access == Access.READ && onlyFromThisHost)) {
      return;
    }
    String given =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
    if (!given.startsWith("Bearer ")) {
      throw Refusal.of(
          ErrorCode.UNAUTHENTICATED,
          "a token is needed",
          "send 'Authorization: Bearer TOKEN' with what the agent's data directory has in '"
              + AgentToken.FILE
              + "'");
    }
    if (!token.matches(given.substring("Bearer ".length()).strip())) {
      throw Refusal.of(
          ErrorCode.DENIED,
          "the token is not this agent's",
          "use what its data directory has in '" + AgentToken.FILE + "'");
    }
  }

  private static byte[] body(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      throw new BodyTooLarge();
    }
    return body;
  }

  private static Reply refused(HttpExchange exchange, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof Refusal refusal) {
      return new Reply(refusal.error().code().status(), refusal.error());
    }
    if (cause instanceof BodyTooLarge) {
      return new Reply(
          413, error(ErrorCode.INVALID, "the body has more than " + MAX_BODY_BYTES + " bytes"));
    }
    if (cause instanceof TimeoutException) {
      return new Reply(
          ErrorCode.TIMED_OUT.status(),
          error(ErrorCode.TIMED_OUT, "no answer in time; the outcome is not known"));
    }
    LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), cause);
    return new Reply(
        ErrorCode.INTERNAL.status(),
        error(ErrorCode.INTERNAL, "the agent failed to answer: " + cause));
  }

  private void finish(HttpExchange exchange, int status, Object body) {
    try (exchange) {
      byte[] json = Json.bytes(body);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      if (status == ErrorCode.UNAUTHENTICATED.status()) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
      }
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(status, -1);
      } else {
        exchange.sendResponseHeaders(status, json.length);
        exchange.getResponseBody().write(json);
      }
    } catch (IOException callerLeft) {
      LOG.debug("{} was not answered: {}", exchange.getRequestURI(), callerLeft.toString());
    } catch (RuntimeException bug) {
      LOG.error("{} was not answered", exchange.getRequestURI(), bug);
    } finally {
      inFlight.decrementAndGet();
    }
  }

  private static ApiError error(ErrorCode code, String message) {
    return new ApiError(code, message, Optional.empty());
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private static void setUnlessGiven(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }

  private static final class BodyTooLarge extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
