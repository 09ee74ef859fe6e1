package io.nsm.supervisor.config;

import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.Names;
import io.nsm.supervisor.model.Probes;
import io.nsm.supervisor.model.Probes.Check;
import io.nsm.supervisor.model.Probes.Probe;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.Command;
import io.nsm.supervisor.model.ProcessSpec.Entry;
import io.nsm.supervisor.model.ProcessSpec.Java;
import io.nsm.supervisor.model.ProcessSpec.Program;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a host knows of itself, to be filled into what it launches. */
public record HostFacts(HostName name, Map<String, String> labels) {
  private static final String LABEL = "host.label.";

  public HostFacts {
    labels = Map.copyOf(labels);
  }

  /** A declaration with this host's facts filled in, or the facts it lacks. */
  public sealed interface Filling {
    /** Must handle every outcome. */
    interface Cases<R> {
      R filled(Filled filled);

      R lacking(Lacking lacking);
    }

    <R> R match(Cases<R> cases);
  }

  /** Ready to be launched on this host. */
  public record Filled(ProcessSpec spec) implements Filling {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.filled(this);
    }
  }

  /**
   * This host cannot launch it.
   *
   * @param facts as they were asked for: {@code host.label.disk}
   */
  public record Lacking(List<String> facts) implements Filling {
    public Lacking {
      facts = List.copyOf(facts);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.lacking(this);
    }
  }

  /** Fills the facts into the program, its environment, where it starts and how it is probed. */
  public Filling fill(ProcessSpec spec) {
    Set<String> lacking = new LinkedHashSet<>();
    Program program = spec.program().match(new ProgramFilling(lacking));
    Map<String, String> env = new LinkedHashMap<>();
    spec.env().forEach((key, value) -> env.put(key, text(value, lacking)));
    Optional<String> workDir = spec.resources().workDir().map(path -> text(path, lacking));
    Probes probes = filled(spec.probes(), lacking);
    if (!lacking.isEmpty()) {
      return new Lacking(List.copyOf(lacking));
    }
    return new Filled(
        new ProcessSpec(
            spec.name(),
            program,
            spec.mode(),
            spec.replicas(),
            spec.activeStandby(),
            spec.placement(),
            env,
            spec.ports(),
            spec.restart(),
            spec.stop(),
            spec.logs(),
            spec.resources().in(workDir),
            probes,
            spec.dependsOn()));
  }

  /** Whether {@code host.…} names a fact that a host can have. */
  static boolean isFact(String name) {
    return name.equals("host.name")
        || name.equals("host.zone")
        || (name.startsWith(LABEL) && Names.valid(name.substring(LABEL.length())));
  }

  /** The name that a placement rule uses for a fact: {@code name}, or that of a label. */
  static String ruleName(String fact) {
    return fact.startsWith(LABEL)
        ? fact.substring(LABEL.length())
        : fact.substring("host.".length());
  }

  private Optional<String> valueOf(String fact) {
    if (!isFact(fact)) {
      return Optional.empty();
    }
    String rule = ruleName(fact);
    return rule.equals("name") ? Optional.of(name.name()) : Optional.ofNullable(labels.get(rule));
  }

  private String text(String text, Set<String> lacking) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (Reference reference : Reference.in(text)) {
      out.append(text.substring(at, reference.start()).replace("$${", "${"));
      at = reference.end();
      valueOf(reference.name()).ifPresentOrElse(out::append, () -> lacking.add(reference.name()));
    }
    return out.append(text.substring(at).replace("$${", "${")).toString();
  }

  private List<String> texts(List<String> texts, Set<String> lacking) {
    List<String> filled = new ArrayList<>();
    texts.forEach(text -> filled.add(text(text, lacking)));
    return filled;
  }

  private Probes filled(Probes probes, Set<String> lacking) {
    return new Probes(
        probes.startup().map(probe -> filled(probe, lacking)),
        probes.readiness().map(probe -> filled(probe, lacking)),
        probes.liveness().map(probe -> filled(probe, lacking)));
  }

  private Probe filled(Probe probe, Set<String> lacking) {
    return new Probe(
        probe.check().match(new CheckFilling(lacking)),
        probe.period(),
        probe.timeout(),
        probe.failureThreshold(),
        probe.successThreshold());
  }

  private final class CheckFilling implements Check.Cases<Check> {
    private final Set<String> lacking;

    CheckFilling(Set<String> lacking) {
      this.lacking = lacking;
    }

    @Override
    public Check link(Probes.Link link) {
      return link;
    }

    @Override
    public Check http(Probes.Http http) {
      return new Probes.Http(text(http.host(), lacking), http.port(), text(http.path(), lacking));
    }

    @Override
    public Check tcp(Probes.Tcp tcp) {
      return new Probes.Tcp(text(tcp.host(), lacking), tcp.port());
    }

    @Override
    public Check exec(Probes.Exec exec) {
      return new Probes.Exec(texts(exec.words(), lacking));
    }
  }

  private final class ProgramFilling implements Program.Cases<Program> {
    private final Set<String> lacking;

    ProgramFilling(Set<String> lacking) {
      this.lacking = lacking;
    }

    @Override
    public Program java(Java java) {
      Entry entry = java.entry();
      return new Java(
          java.home().map(home -> text(home, lacking)),
          new Entry(
              entry.jar().map(jar -> text(jar, lacking)),
              entry.mainClass().map(main -> text(main, lacking)),
              texts(entry.classPath(), lacking)),
          texts(java.jvmOptions(), lacking),
          texts(java.args(), lacking),
          java.memoryLimit());
    }

    @Override
    public Program command(Command command) {
      return new Command(texts(command.words(), lacking));
    }
  }
}
