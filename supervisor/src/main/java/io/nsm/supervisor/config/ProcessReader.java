package io.nsm.supervisor.config;

import io.nsm.supervisor.config.Texts.Facts;
import io.nsm.supervisor.config.Texts.Reading;
import io.nsm.supervisor.config.YamlNode.Field;
import io.nsm.supervisor.config.YamlNode.Fields;
import io.nsm.supervisor.model.Dependency;
import io.nsm.supervisor.model.Names;
import io.nsm.supervisor.model.Probes;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import io.nsm.supervisor.model.ProcessSpec.Program;
import io.nsm.supervisor.model.ProcessSpec.Stop;
import io.nsm.supervisor.model.Resources;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one process, or the defaults for all. */
final class ProcessReader {
  static final int MOST_REPLICAS = 1_000;
  static final Set<String> LATER_MODES = Set.of("partitioned", "per-host");

  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final Section section;
  private final Texts texts;
  private final Problems problems;
  private final LifeReader life;
  private final ProgramReader program;
  private final PlacementReader placement;
  private final ResourcesReader resources;

  ProcessReader(Section section, Texts texts, Problems problems) {
    this.section = section;
    this.texts = texts;
    this.problems = problems;
    this.life = new LifeReader(section, texts, problems);
    this.program = new ProgramReader(section, texts, problems);
    this.placement = new PlacementReader(section, texts, problems);
    this.resources = new ResourcesReader(section);
  }

  /** Reads the defaults only to find what is wrong with them. */
  void check() {
    Resources limits = resources.read();
    program.read(false, limits.memoryLimit());
    Optional<Mode> mode = mode();
    replicas(mode.orElse(Mode.REPLICATED));
    life.activeStandby(true);
    placement.read(false);
    env();
    new ProbesReader(section, ports(), false).read();
    new DependsReader(section, texts, problems).read(Optional.empty());
    life.restart(Optional.empty());
    life.stop();
    life.logs();
  }

  /** The process, or nothing when it cannot be used; all is read in either case. */
  Optional<ProcessSpec> read(Optional<ProcessName> name) {
    Resources limits = resources.read();
    Optional<Program> launched = program.read(true, limits.memoryLimit());
    Optional<Mode> mode = mode();
    if (!section.has("mode")) {
      section.missing(
          "'mode' is missing", "write 'mode: active-standby', 'replicated' or 'one-shot'");
    }
    int replicas = replicas(mode.orElse(Mode.REPLICATED));
    Map<String, Integer> ports = ports();
    boolean linked = !(launched.orElse(null) instanceof ProcessSpec.Command);
    ProcessSpec.ActiveStandby activeStandby = life.activeStandby(linked);
    ProcessSpec.Placement where = placement.read(replicas > 1 && !ports.isEmpty());
    Map<String, String> env = env();
    ProcessSpec.Restart restart = life.restart(mode);
    Stop stop = life.stop();
    ProcessSpec.Logs logs = life.logs();
    Probes probes = new ProbesReader(section, ports, true).read();
    List<Dependency> dependsOn = new DependsReader(section, texts, problems).read(name);
    if (name.isEmpty() || launched.isEmpty() || mode.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ProcessSpec(
            name.get(),
            launched.get(),
            mode.get(),
            replicas,
            activeStandby,
            where,
            env,
            ports,
            restart,
            stop,
            logs,
            limits.within(memory(launched.get())),
            probes,
            dependsOn));
  }

  /**
   * The defaults that concern a process: not those of the other kind of program, nor those of
   * another mode.
   */
  static Fields merged(Fields own, Fields defaults) {
    Fields inherited = defaults;
    boolean java = own.get("java").isPresent() || own.get("artifact").isPresent();
    if (own.get("command").isPresent() && !java) {
      inherited = inherited.without("java").without("artifact");
    }
    if (java) {
      inherited = inherited.without("command");
    }
    Optional<YamlNode> mode = own.get("mode").or(() -> defaults.get("mode"));
    boolean oneActs =
        mode.isPresent()
            && mode.get() instanceof YamlNode.Scalar scalar
            && (scalar.text().equals("active-standby") || scalar.text().contains("${"));
    return own.over(oneActs ? inherited : inherited.without("activeStandby"));
  }

  /** What a JVM was made to fit into bounds it as well. */
  private static Optional<Long> memory(Program program) {
    return program.match(
        new Program.Cases<>() {
          @Override
          public Optional<Long> java(ProcessSpec.Java java) {
            return java.memoryLimit();
          }

          @Override
          public Optional<Long> command(ProcessSpec.Command command) {
            return Optional.empty();
          }
        });
  }

  private Optional<Mode> mode() {
    return section.choice("mode", Mode.class, LATER_MODES);
  }

  private int replicas(Mode mode) {
    int otherwise = mode == Mode.ACTIVE_STANDBY ? 2 : 1;
    return section.value("replicas", Reading.whole(1, MOST_REPLICAS)).orElse(otherwise);
  }

  private Map<String, String> env() {
    Map<String, String> env = new LinkedHashMap<>();
    section
        .mapping("env", "a mapping of names to texts")
        .forEach(
            (name, field) -> {
              checkEnvName(name, field);
              texts.word(field.value(), Facts.ALLOWED).ifPresent(text -> env.put(name, text));
            });
    return env;
  }

  private void checkEnvName(String name, Field field) {
    String path = field.value().path();
    if (!VARIABLE.matcher(name).matches()) {
      problems.error(
          Problem.at(field.place(), path, "'" + name + "' cannot name an environment variable")
              .hint("use letters, digits and '_', no digit first"));
    } else if (name.startsWith("NSM_")) {
      problems.error(
          Problem.at(field.place(), path, "names that begin with NSM_ are set by the agent")
              .hint("choose another name"));
    }
  }

  private Map<String, Integer> ports() {
    Map<String, Integer> ports = new LinkedHashMap<>();
    Map<Integer, Place> seen = new LinkedHashMap<>();
    section
        .mapping("ports", "a mapping of names to port numbers")
        .forEach(
            (name, field) -> {
              Optional<Integer> port = port(name, field);
              Place first =
                  port.map(number -> seen.putIfAbsent(number, field.place())).orElse(null);
              if (port.isPresent() && first != null) {
                problems.error(
                    Problem.at(
                            field.place(),
                            field.value().path(),
                            "port " + port.get() + " has a name already")
                        .against(first)
                        .hint("use another port"));
              }
              port.ifPresent(number -> ports.put(name, number));
            });
    return ports;
  }

  private Optional<Integer> port(String name, Field field) {
    if (!Names.valid(name)) {
      problems.error(
          Problem.at(field.place(), field.value().path(), "'" + name + "' cannot name a port")
              .hint("a name has " + Names.RULE));
    }
    Reading<Integer> number = Reading.whole(1, 65_535);
    if (field.value() instanceof Fields) {
      Optional<Section> port =
          Section.of(field.value(), Shape.PORT, field.place(), texts, problems);
      if (port.isPresent() && !port.get().has("port")) {
        port.get().missing("'port' is missing", "write 'port: 8080'");
      }
      return port.flatMap(it -> it.value("port", number));
    }
    return texts.value(field.value(), number);
  }
}
