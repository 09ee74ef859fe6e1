package io.nsm.samples.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nsm.process.ManagedProcess;
import io.nsm.process.ProcessContext;
import io.nsm.process.runtime.NsmRuntime;
import io.nsm.samples.Options;
import io.nsm.samples.flights.Airports;
import io.nsm.samples.flights.AirportsMap;
import io.nsm.samples.flights.FlightsMap;
import io.nsm.samples.flights.Progress;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Serves the figures over HTTP at the declared port {@code http}: {@code --bind ADDRESS} (default:
 * 127.0.0.1).
 */
public final class Server implements ManagedProcess {
  private static final int THREADS = 4;

  /** Connections that wait for a thread; more than that are closed. */
  private static final int WAITING = 64;

  private Optional<HttpServer> http = Optional.empty();
  private Optional<ThreadPoolExecutor> threads = Optional.empty();

  public static void main(String[] args) {
    NsmRuntime.run(new Server(), args);
  }

  @Override
  public void start(ProcessContext context) throws IOException {
    String address = Options.parse(context.args(), "--bind").text("--bind").orElse("127.0.0.1");
    Integer port = context.ports().get("http");
    if (port == null) {
      throw new IllegalArgumentException(
          "no port named http; declare it: processes."
              + context.process()
              + ".ports: {http: 8080}");
    }
    Questions questions =
        new Questions(
            new AirportsMap(context.map(AirportsMap.NAME)),
            new FlightsMap(context.map(FlightsMap.NAME)),
            context.map(Progress.MAP),
            Airports.shipped());
    HttpServer server = bind(address, port);
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS, THREADS, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING));
    server.setExecutor(pool);
    server.createContext("/", exchange -> answer(exchange, questions));
    server.start();
    http = Optional.of(server);
    threads = Optional.of(pool);
    System.out.println("serving http:/" + server.getAddress());
  }

  @Override
  public void stop() {
    http.ifPresent(server -> server.stop(0));
    threads.ifPresent(ThreadPoolExecutor::shutdown);
  }

  private static HttpServer bind(String address, int port) throws IOException {
    try {
      return HttpServer.create(new InetSocketAddress(address, port), WAITING);
    } catch (BindException e) {
      throw new BindException("cannot listen on " + address + ":" + port + ": " + e.getMessage());
    }
  }

  private static void answer(HttpExchange exchange, Questions questions) throws IOException {
    try (exchange) {
      Answer answer = questions.answer(exchange.getRequestMethod(), exchange.getRequestURI());
      byte[] body = (answer.body() + "\n").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
