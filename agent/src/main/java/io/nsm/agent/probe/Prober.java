package io.nsm.agent.probe;

import io.nsm.supervisor.model.Probes;
import io.nsm.supervisor.model.Probes.Check;
import io.nsm.supervisor.model.Probes.Probe;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes single checks. No method waits; every check ends within its time-out. */
public final class Prober implements AutoCloseable {

  /** Runs a program in the surroundings of the run that is probed. */
  public interface Programs {
    /** Why it did not exit with 0 in time; empty if it did. */
    CompletionStage<Optional<String>> run(List<String> words, Duration timeout);
  }

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "nsm-probe");
            thread.setDaemon(true);
            return thread;
          });
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .proxy(HttpClient.Builder.NO_PROXY)
          .executor(threads)
          .build();

  /**
   * Makes one check.
   *
   * @param probe with the facts of the host filled in
   * @return why it failed; empty if it did not
   */
  public CompletionStage<Optional<String>> look(Probe probe, Programs programs) {
    return probe.check().match(new Looking(probe.timeout(), programs)).exceptionally(Prober::why);
  }

  private final class Looking implements Check.Cases<CompletionStage<Optional<String>>> {
    private final Duration timeout;
    private final Programs programs;

    Looking(Duration timeout, Programs programs) {
      this.timeout = timeout;
      this.programs = programs;
    }

    @Override
    public CompletionStage<Optional<String>> link(Probes.Link link) {
      throw new IllegalStateException("what a link says is known without asking");
    }

    @Override
    public CompletionStage<Optional<String>> http(Probes.Http check) {
      HttpRequest request;
      try {
        request = HttpRequest.newBuilder(uri(check)).timeout(timeout).build();
      } catch (URISyntaxException | IllegalArgumentException e) {
        return CompletableFuture.completedFuture(Optional.of(said(e)));
      }
      return http.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
          .thenApply(response -> judged(check, response))
          .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Only the status counts; a body that never ends is not read. */
    private Optional<String> judged(Probes.Http check, HttpResponse<InputStream> response) {
      try {
        response.body().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      int status = response.statusCode();
      return status >= 200 && status < 400
          ? Optional.empty()
          : Optional.of("http status " + status + " from " + response.uri());
    }

    @Override
    public CompletionStage<Optional<String>> tcp(Probes.Tcp check) {
      return CompletableFuture.supplyAsync(() -> connect(check), threads);
    }

    private Optional<String> connect(Probes.Tcp check) {
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(check.host(), check.port()),
            (int) Math.max(1, timeout.toMillis()));
        return Optional.empty();
      } catch (IOException e) {
        return Optional.of("tcp " + check.host() + ":" + check.port() + ": " + said(e));
      }
    }

    @Override
    public CompletionStage<Optional<String>> exec(Probes.Exec exec) {
      return programs
          .run(exec.words(), timeout)
          .thenApply(failure -> failure.map(why -> exec.words().get(0) + ": " + why));
    }
  }

  private static URI uri(Probes.Http check) throws URISyntaxException {
    String host = check.host().contains(":") ? "[" + check.host() + "]" : check.host();
    return new URI("http://" + host + ":" + check.port() + check.path());
  }

  private static Optional<String> why(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return Optional.of(said(cause));
  }

  private static String said(Throwable failure) {
    if (failure instanceof TimeoutException
        || failure instanceof java.net.http.HttpTimeoutException) {
      return "no answer in time";
    }
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
