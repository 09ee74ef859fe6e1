package io.nsm.supervisor.config;

import io.nsm.supervisor.config.Texts.Facts;
import io.nsm.supervisor.config.Texts.Reading;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.Names;
import io.nsm.supervisor.model.ProcessSpec.ActiveStandby;
import io.nsm.supervisor.model.ProcessSpec.Backoff;
import io.nsm.supervisor.model.ProcessSpec.Failback;
import io.nsm.supervisor.model.ProcessSpec.Limit;
import io.nsm.supervisor.model.ProcessSpec.Logs;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import io.nsm.supervisor.model.ProcessSpec.OnLeaseLost;
import io.nsm.supervisor.model.ProcessSpec.Restart;
import io.nsm.supervisor.model.ProcessSpec.Restart.Policy;
import io.nsm.supervisor.model.ProcessSpec.Standby;
import io.nsm.supervisor.model.ProcessSpec.Stop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads how a process lives: who acts, how it is restarted and stopped, what is kept of its output.
 */
final class LifeReader {
  static final Duration LONGEST = Duration.ofHours(24 * 7);
  static final List<String> SIGNALS = List.of("TERM", "INT", "QUIT", "HUP", "USR1", "USR2", "KILL");

  /** What may come after the limit one day. */
  static final Set<String> LATER_LIMITS = Set.of("failover");

  private static final Reading<Duration> WAIT = Reading.duration(Duration.ofMillis(10), LONGEST);
  private static final Set<Integer> SUCCESS = Set.of(0, 143);

  private final Section process;
  private final Texts texts;
  private final Problems problems;

  LifeReader(Section process, Texts texts, Problems problems) {
    this.process = process;
    this.texts = texts;
    this.problems = problems;
  }

  /**
   * Reads who acts.
   *
   * @param linked whether the program can wait to be told to act; else it is started for that
   */
  ActiveStandby activeStandby(boolean linked) {
    Optional<Section> read = process.section("activeStandby", Shape.ACTIVE_STANDBY);
    Duration timeout = Duration.ofSeconds(10);
    Standby standby = linked ? Standby.HOT : Standby.COLD;
    if (read.isEmpty()) {
      return new ActiveStandby(standby, OnLeaseLost.HALT, Failback.NEVER, List.of(), timeout);
    }
    Section section = read.get();
    ActiveStandby result =
        new ActiveStandby(
            linked || !section.inherited("standby") ? section.choice("standby", standby) : standby,
            section.choice("onLeaseLost", OnLeaseLost.HALT),
            section.choice("failback", Failback.NEVER),
            hosts(section, "prefer"),
            section.value("activationTimeout", WAIT).orElse(timeout));
    if (result.failback() == Failback.PREFERRED && result.prefer().isEmpty()) {
      section.error(
          "failback", "'preferred' needs hosts to prefer", "add 'prefer: [ … ]' beside it");
    }
    return result;
  }

  Restart restart(Optional<Mode> mode) {
    Policy otherwise = mode.equals(Optional.of(Mode.ONE_SHOT)) ? Policy.ON_FAILURE : Policy.ALWAYS;
    Optional<Section> read = process.section("restart", Shape.RESTART);
    Set<Integer> success = SUCCESS;
    Set<Integer> noRestart = Set.of();
    if (read.isEmpty()) {
      return new Restart(otherwise, backoff(read), limit(read), success, noRestart);
    }
    Optional<Section> codes = read.get().section("exitCodes", Shape.EXIT_CODES);
    if (codes.isPresent()) {
      success = codes.get().has("success") ? exitCodes(codes.get(), "success") : success;
      noRestart = exitCodes(codes.get(), "noRestart");
      checkCodes(codes.get(), success, noRestart);
    }
    return new Restart(
        policy(read.get(), otherwise), backoff(read), limit(read), success, noRestart);
  }

  Stop stop() {
    Optional<Section> section = process.section("stop", Shape.STOP);
    return new Stop(
        section.flatMap(this::signal).orElse("TERM"),
        section.flatMap(stop -> stop.value("timeout", WAIT)).orElse(Duration.ofSeconds(30)));
  }

  Logs logs() {
    Optional<Section> section = process.section("logs", Shape.LOGS);
    Reading<Long> size = Reading.size(64 << 10, 1L << 40);
    return new Logs(
        section.flatMap(logs -> logs.value("maxFileSize", size)).orElse(10L << 20),
        section.flatMap(logs -> logs.value("maxFiles", Reading.whole(1, 1000))).orElse(10));
  }

  private List<HostName> hosts(Section section, String key) {
    List<HostName> hosts = new ArrayList<>();
    for (YamlNode item : section.items(key, "host names")) {
      Optional<String> name = texts.word(item, Facts.REFUSED);
      if (name.isEmpty()) {
        continue;
      }
      if (!Names.valid(name.get())) {
        problems.error(Texts.wrong(item, "a host name: " + Names.RULE));
      } else if (hosts.contains(new HostName(name.get()))) {
        problems.error(
            Problem.at(item.place(), item.path(), "host '" + name.get() + "' is listed twice"));
      } else {
        hosts.add(new HostName(name.get()));
      }
    }
    return hosts;
  }

  /** What {@code defaults} say of every process does not make a one-shot run for ever. */
  private Policy policy(Section restart, Policy otherwise) {
    Policy policy = restart.choice("policy", otherwise);
    if (otherwise == Policy.ALWAYS || policy != Policy.ALWAYS || restart.inherited("policy")) {
      return otherwise == Policy.ON_FAILURE && policy == Policy.ALWAYS ? otherwise : policy;
    }
    problems.error(
        restart
            .problem("policy", "'always' would run again what has completed: mode is one-shot")
            .against(process.placeOf("mode"))
            .hint("use on-failure or never"));
    return otherwise;
  }

  private Backoff backoff(Optional<Section> restart) {
    Optional<Section> read = restart.flatMap(it -> it.section("backoff", Shape.BACKOFF));
    Duration initial = Duration.ofSeconds(1);
    Duration max = Duration.ofSeconds(60);
    Duration reset = Duration.ofMinutes(10);
    if (read.isEmpty()) {
      return new Backoff(initial, max, 2, 0.2, reset);
    }
    Section section = read.get();
    Backoff backoff =
        new Backoff(
            section.value("initial", WAIT).orElse(initial),
            section.value("max", WAIT).orElse(max),
            section.value("factor", Reading.number(1, 100)).orElse(2.0),
            section.value("jitter", Reading.number(0, 1)).orElse(0.2),
            section.value("resetAfter", WAIT).orElse(reset));
    if (backoff.initial().compareTo(backoff.max()) > 0) {
      String message = Units.text(backoff.initial()) + " is longer than max ";
      Problem problem =
          section.problem("initial", message + Units.text(backoff.max()) + maxOrigin(section));
      problems.error(
          (section.has("max") ? problem.against(section.placeOf("max")) : problem)
              .hint("shorten 'initial' or lengthen 'max'"));
    }
    return backoff;
  }

  private static String maxOrigin(Section backoff) {
    return backoff.has("max") ? "" : ", which is the default";
  }

  private Limit limit(Optional<Section> restart) {
    Optional<Section> section = restart.flatMap(it -> it.section("limit", Shape.LIMIT));
    return new Limit(
        section.flatMap(it -> it.value("attempts", Reading.whole(1, 10_000))).orElse(5),
        section.flatMap(it -> it.value("interval", WAIT)).orElse(Duration.ofMinutes(10)),
        section
            .flatMap(it -> it.choice("then", Limit.Then.class, LATER_LIMITS))
            .orElse(Limit.Then.RETRY_SLOWLY));
  }

  private Set<Integer> exitCodes(Section section, String key) {
    Set<Integer> codes = new LinkedHashSet<>();
    for (YamlNode item : section.items(key, "exit codes")) {
      texts.value(item, Reading.whole(0, 255)).ifPresent(codes::add);
    }
    return codes;
  }

  private void checkCodes(Section section, Set<Integer> success, Set<Integer> noRestart) {
    for (Integer code : noRestart) {
      if (section.has("success") && success.contains(code)) {
        problems.error(
            section
                .problem("noRestart", "exit code " + code + " is a success as well")
                .against(section.placeOf("success"))
                .hint("list it once"));
      }
    }
  }

  private Optional<String> signal(Section stop) {
    Optional<String> name = stop.text("signal", "the name of a signal", Facts.REFUSED);
    if (name.isPresent() && !SIGNALS.contains(name.get())) {
      String plain = name.get().startsWith("SIG") ? name.get().substring(3) : name.get();
      String expected =
          "expected one of " + String.join(", ", SIGNALS) + ", but found '" + name.get() + "'";
      stop.error("signal", expected, Closest.hint(plain, SIGNALS));
    }
    return name;
  }
}
