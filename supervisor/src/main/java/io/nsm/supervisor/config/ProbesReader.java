package io.nsm.supervisor.config;

import io.nsm.supervisor.config.Texts.Facts;
import io.nsm.supervisor.config.Texts.Reading;
import io.nsm.supervisor.config.YamlNode.Kind;
import io.nsm.supervisor.config.YamlNode.Scalar;
import io.nsm.supervisor.model.Probes;
import io.nsm.supervisor.model.Probes.Check;
import io.nsm.supervisor.model.Probes.Link.Sign;
import io.nsm.supervisor.model.Probes.Probe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads how it is found out how a process does. */
final class ProbesReader {
  private static final Reading<Duration> PERIOD =
      Reading.duration(Duration.ofMillis(100), LifeReader.LONGEST);
  private static final Reading<Duration> TIMEOUT =
      Reading.duration(Duration.ofMillis(10), Duration.ofMinutes(10));
  private static final Reading<Integer> THRESHOLD = Reading.whole(1, 100_000);
  private static final Reading<Integer> PORT = Reading.whole(1, 65_535);

  private static final Duration USUAL_PERIOD = Duration.ofSeconds(2);
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(1);
  private static final int USUAL_FAILURES = 3;

  /** With the usual period, five minutes to come up. */
  private static final int STARTUP_FAILURES = 150;

  /** How often a process that speaks the link shows that it lives. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);

  private static final List<String> CHECKS = List.of("link", "http", "tcp", "exec");

  private final Section process;
  private final Map<String, Integer> ports;
  private final boolean whole;

  /**
   * @param ports by name; probes may name them
   * @param whole whether all must be there; of defaults only parts are
   */
  ProbesReader(Section process, Map<String, Integer> ports, boolean whole) {
    this.process = process;
    this.ports = ports;
    this.whole = whole;
  }

  Probes read() {
    Optional<Section> probes = process.section("probes", Shape.PROBES);
    if (probes.isEmpty()) {
      return Probes.NONE;
    }
    return new Probes(
        probe(probes.get(), "startup", STARTUP_FAILURES, Sign.READY),
        probe(probes.get(), "readiness", USUAL_FAILURES, Sign.READY),
        probe(probes.get(), "liveness", USUAL_FAILURES, Sign.HEARTBEAT));
  }

  private Optional<Probe> probe(Section probes, String name, int failures, Sign sign) {
    Optional<Section> read = probes.section(name, Shape.PROBE);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    Section probe = read.get();
    Duration period = probe.value("period", PERIOD).orElse(USUAL_PERIOD);
    Duration timeout = probe.value("timeout", TIMEOUT).orElse(USUAL_TIMEOUT);
    int threshold = probe.value("failureThreshold", THRESHOLD).orElse(failures);
    int successes = probe.value("successThreshold", THRESHOLD).orElse(1);
    if (!name.equals("readiness") && successes > 1) {
      probe.error(
          "successThreshold",
          "one success is enough for " + name + ", and always was",
          "leave it out, or use it for readiness");
    }
    Optional<Check> check = check(probe, sign);
    boolean beat = check.filter(it -> it.equals(new Probes.Link(Sign.HEARTBEAT))).isPresent();
    if (beat && period.compareTo(HEARTBEAT) < 0) {
      probe.error(
          "period",
          Units.text(period) + " is too short: a heartbeat is sent every " + Units.text(HEARTBEAT),
          "use 1s or more, or probe by http, tcp or exec");
    }
    return check.map(it -> new Probe(it, period, timeout, threshold, successes));
  }

  private Optional<Check> check(Section probe, Sign sign) {
    List<String> written = CHECKS.stream().filter(probe::has).toList();
    List<String> own = written.stream().filter(key -> !probe.inherited(key)).toList();
    List<String> meant = own.isEmpty() ? written : own;
    if (meant.isEmpty()) {
      if (whole) {
        probe.missing(
            "expected 'link', 'http', 'tcp' or 'exec', but none is there",
            "write what to look at, such as 'tcp: {port: 8080}'");
      }
      return Optional.empty();
    }
    if (meant.size() > 1) {
      probe.error(
          meant.get(1),
          "a probe looks at one thing, and '" + meant.get(0) + "' stands beside",
          "keep one of them");
      return Optional.empty();
    }
    return switch (meant.get(0)) {
      case "link" -> link(probe, sign);
      case "http" -> http(probe);
      case "tcp" -> tcp(probe);
      default -> exec(probe);
    };
  }

  private Optional<Check> link(Section probe, Sign sign) {
    String word = Texts.word(sign);
    Optional<String> read =
        probe.value(
            "link", new Reading<>(word, Kind.TEXT, text -> Optional.of(text).filter(word::equals)));
    if (process.has("command") && whole) {
      probe.error("link", "a command does not speak the link", "probe it by http, tcp or exec");
      return Optional.empty();
    }
    return read.map(found -> new Probes.Link(sign));
  }

  private Optional<Check> http(Section probe) {
    Optional<Section> http = probe.section("http", Shape.HTTP_CHECK);
    return http.flatMap(
        it -> {
          Optional<Integer> port = port(it);
          Optional<String> path = path(it);
          String host = host(it);
          return port.flatMap(number -> path.map(text -> new Probes.Http(host, number, text)));
        });
  }

  private static Optional<String> path(Section http) {
    String path = http.text("path", "a path such as /ready", Facts.ALLOWED).orElse("/");
    if (path.matches("[/$][!-~]*")) {
      return Optional.of(path);
    }
    http.error("path", "'" + path + "' is not the path of a URL", "begin with '/'");
    return Optional.empty();
  }

  private Optional<Check> tcp(Section probe) {
    Optional<Section> tcp = probe.section("tcp", Shape.TCP_CHECK);
    return tcp.flatMap(it -> port(it).map(port -> new Probes.Tcp(host(it), port)));
  }

  private static String host(Section check) {
    return check
        .text("host", "an address or the name of a host", Facts.ALLOWED)
        .orElse("127.0.0.1");
  }

  private Optional<Integer> port(Section check) {
    Optional<YamlNode> node = check.node("port");
    if (node.isEmpty()) {
      check.missing("'port' is missing", "write 'port: 8080', or the name of one of its ports");
      return Optional.empty();
    }
    boolean named =
        node.get() instanceof Scalar scalar
            && scalar.kind() == Kind.TEXT
            && !scalar.text().contains("${");
    if (!named) {
      return check.value("port", PORT);
    }
    String name = ((Scalar) node.get()).text();
    Optional<Integer> port = Optional.ofNullable(ports.get(name));
    if (port.isEmpty() && whole) {
      check.error(
          "port",
          "the process has no port named '" + name + "'",
          ports.isEmpty()
              ? "declare it under 'ports', or write its number"
              : Closest.hint(name, ports.keySet()));
    }
    return port;
  }

  private Optional<Check> exec(Section probe) {
    List<String> words = probe.words("exec", Facts.ALLOWED);
    if (words.isEmpty()) {
      probe.error("exec", "expected the program and its arguments", "");
      return Optional.empty();
    }
    if (!words.get(0).matches("[/$].*") && words.get(0).contains("/")) {
      probe.error(
          "exec",
          "'" + words.get(0) + "' is not an absolute path",
          "write the whole path, or a bare name to find on PATH");
      return Optional.empty();
    }
    return Optional.of(new Probes.Exec(words));
  }
}
