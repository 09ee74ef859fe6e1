package io.nsm.supervisor.config;

import io.nsm.supervisor.config.Texts.Facts;
import io.nsm.supervisor.config.YamlNode.Field;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.Names;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads an agent's configuration: {@code agent.yaml}. */
public final class AgentConfigs {
  private static final String LOOPBACK = "127.0.0.1";
  private static final HostName LOCAL = new HostName("local");

  /** The highest port there is. */
  private static final int MOST = 65_535;

  private final Section root;
  private final Path start;
  private final Texts texts;
  private final Problems problems;
  private final Set<HostName> unreadable = new HashSet<>();

  private AgentConfigs(Section root, Path start, Texts texts, Problems problems) {
    this.root = root;
    this.start = start;
    this.texts = texts;
    this.problems = problems;
  }

  /** The profiles of leases by name. */
  enum Profile {
    FAST(LeaseTerms.FAST),
    BALANCED(LeaseTerms.BALANCED),
    PATIENT(LeaseTerms.PATIENT);

    private final LeaseTerms terms;

    Profile(LeaseTerms terms) {
      this.terms = terms;
    }
  }

  /**
   * Reads a file; relative directories in it count from where the agent was started.
   *
   * @throws InvalidDeclarationException with all problems
   */
  public static Configured read(Path file) {
    Problems problems = new Problems();
    Optional<Sources.Source> source = Sources.read(file, problems);
    problems.throwIfAny();
    Sources.Source read = source.orElseThrow();
    return readText(read.name(), read.text(), Path.of(""));
  }

  /**
   * Reads a text.
   *
   * @param name what to call it in problems
   * @param start what relative directories count from
   * @throws InvalidDeclarationException with all problems
   */
  public static Configured readText(String name, String text, Path start) {
    Problems problems = new Problems();
    Texts texts = new Texts(Optional.empty(), problems);
    Optional<AgentConfig> config =
        YamlSource.read(name, text, problems)
            .flatMap(node -> Section.of(node, Shape.AGENT, Place.of(name), texts, problems))
            .map(root -> new AgentConfigs(root, start.toAbsolutePath(), texts, problems))
            .flatMap(AgentConfigs::config);
    problems.throwIfAny();
    return new Configured(config.orElseThrow(), problems.warnings());
  }

  /**
   * What holds without a file: one host named {@code local}, which is the only voter, on loopback,
   * with its data in {@code nsm-data}.
   *
   * @throws InvalidDeclarationException when the path of {@code start} is too long for a socket
   */
  public static Configured withoutFile(Path start) {
    return readText("no configuration file", "apiVersion: " + Declarations.VERSION, start);
  }

  private Optional<AgentConfig> config() {
    Declarations.checkVersion(root);
    Optional<HostName> host = host();
    Map<HostName, HostAddress> hosts = hosts(host);
    List<HostName> voters = new VoterReader(root, texts, problems).read(hosts);
    AgentRules rules = new AgentRules(root, problems);
    rules.check(readable(hosts));
    Path data = directory("dataDirectory", start.resolve("nsm-data"));
    Path run = directory("runDirectory", data.resolve("run"));
    rules.checkDirectories(data, run);
    String cluster = name("cluster", "nsm");
    Map<String, String> labels = labels();
    LeaseTerms lease = lease();
    String httpBind = httpBind();
    Optional<Path> javaHome = javaHome();
    String cgroup = cgroup();
    if (host.isEmpty() || !hosts.containsKey(host.get())) {
      return Optional.empty();
    }
    return Optional.of(
        new AgentConfig(
            cluster,
            host.get(),
            labels,
            hosts,
            voters,
            data,
            run,
            lease,
            httpBind,
            javaHome,
            cgroup));
  }

  private Optional<HostName> host() {
    if (!root.has("host")) {
      if (root.has("hosts")) {
        root.missing("'host' is missing", "write 'host: …' with this host's name under 'hosts'");
        return Optional.empty();
      }
      return Optional.of(LOCAL);
    }
    Optional<String> text = root.text("host", "the name of this host", Facts.REFUSED);
    if (text.isPresent() && !Names.valid(text.get())) {
      root.error("host", "'" + text.get() + "' cannot name a host", "a name has " + Names.RULE);
      return Optional.empty();
    }
    return text.map(HostName::new);
  }

  private Map<HostName, HostAddress> hosts(Optional<HostName> own) {
    Map<HostName, HostAddress> hosts = new LinkedHashMap<>();
    if (!root.has("hosts")) {
      own.ifPresent(host -> hosts.put(host, loopback()));
      return hosts;
    }
    root.mapping("hosts", "a mapping of host names to addresses")
        .forEach((name, field) -> host(name, field, hosts));
    if (own.isPresent() && !hosts.containsKey(own.get())) {
      List<String> known = hosts.keySet().stream().map(HostName::name).toList();
      problems.error(
          root.problem("host", "'" + own.get() + "' is not among the hosts")
              .against(root.placeOf("hosts"))
              .hint(
                  Closest.of(own.get().name(), known)
                      .map(near -> "did you mean '" + near + "'?")
                      .orElse("add it under 'hosts'")));
    }
    return hosts;
  }

  private void host(String name, Field field, Map<HostName, HostAddress> hosts) {
    if (!Names.valid(name)) {
      problems.error(
          Problem.at(field.place(), field.value().path(), "'" + name + "' cannot name a host")
              .hint("a name has " + Names.RULE));
      return;
    }
    Optional<Section> section =
        Section.of(field.value(), Shape.HOST, field.place(), texts, problems);
    // A host that cannot be read still counts, so that what refers to it is not called unknown.
    hosts.put(new HostName(name), section.map(this::address).orElseGet(AgentConfigs::loopback));
    if (section.isEmpty() || !section.get().has("address")) {
      unreadable.add(new HostName(name));
    }
  }

  private HostAddress address(Section host) {
    if (!host.has("address")) {
      host.missing("'address' is missing", "write 'address: 10.0.0.1'");
    }
    Optional<Section> ports = host.section("ports", Shape.HOST_PORTS);
    return new HostAddress(
        host.text("address", "an IP address or a host name", Facts.REFUSED).orElse(LOOPBACK),
        port(ports, "control", HostAddress.CONTROL_PORT, MOST - HostAddress.SUSPICION_OFFSET),
        port(ports, "grid", HostAddress.GRID_PORT, MOST - HostAddress.SUSPICION_OFFSET),
        port(ports, "http", HostAddress.HTTP_PORT, MOST),
        host.truth("witness"));
  }

  private static int port(Optional<Section> ports, String key, int otherwise, int most) {
    return ports
        .flatMap(section -> section.value(key, Texts.Reading.whole(1, most)))
        .orElse(otherwise);
  }

  private static HostAddress loopback() {
    return new HostAddress(
        LOOPBACK, HostAddress.CONTROL_PORT, HostAddress.GRID_PORT, HostAddress.HTTP_PORT, false);
  }

  private Map<HostName, HostAddress> readable(Map<HostName, HostAddress> hosts) {
    Map<HostName, HostAddress> readable = new LinkedHashMap<>(hosts);
    readable.keySet().removeAll(unreadable);
    return readable;
  }

  private String name(String key, String otherwise) {
    Optional<String> name = root.text(key, "a name", Facts.REFUSED);
    if (name.isPresent() && !Names.valid(name.get())) {
      root.error(key, "'" + name.get() + "' is not a name", "a name has " + Names.RULE);
    }
    return name.orElse(otherwise);
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    root.mapping("labels", "a mapping of names to texts")
        .forEach(
            (name, field) -> {
              Optional<String> value = texts.word(field.value(), Facts.REFUSED);
              checkLabel(name, field);
              if (value.isPresent() && !LabelValues.valid(value.get())) {
                problems.error(
                    Problem.at(
                            field.value().place(),
                            field.value().path(),
                            "'" + value.get() + "' cannot be a value of a label")
                        .hint(LabelValues.RULE));
              }
              value.ifPresent(text -> labels.put(name, text));
            });
    return labels;
  }

  private void checkLabel(String name, Field field) {
    String path = field.value().path();
    if (name.equals("name")) {
      problems.error(
          Problem.at(field.place(), path, "'name' is the host's own name and cannot be a label")
              .hint("choose another word"));
    } else if (!Names.valid(name)) {
      problems.error(
          Problem.at(field.place(), path, "'" + name + "' cannot name a label")
              .hint("a name has " + Names.RULE));
    }
  }

  private LeaseTerms lease() {
    Profile profile =
        root.section("lease", Shape.LEASE)
            .map(section -> section.choice("profile", Profile.BALANCED))
            .orElse(Profile.BALANCED);
    if (profile == Profile.FAST) {
      problems.warning(
          Problem.at(
                  root.placeOf("lease", "profile"),
                  root.pathOf("lease.profile"),
                  "a lease of "
                      + Units.text(profile.terms.ttl())
                      + " ends before a restarted agent is back: its actives move or stop")
              .hint("use balanced where that matters"));
    }
    return profile.terms;
  }

  private String httpBind() {
    Optional<Section> http = root.section("http", Shape.HTTP);
    String bind =
        http.flatMap(section -> section.text("bind", "an IP address", Facts.REFUSED))
            .orElse(LOOPBACK);
    http.ifPresent(section -> new AgentRules(section, problems).checkHttpBind(bind));
    return bind;
  }

  private Optional<Path> javaHome() {
    Optional<Section> java = root.section("java", Shape.AGENT_JAVA);
    Optional<Path> home = java.flatMap(section -> path(section, "home"));
    if (home.isPresent() && !home.get().isAbsolute()) {
      java.ifPresent(
          section ->
              section.error(
                  "home", "'" + home.get() + "' is not an absolute path", "write the whole path"));
    }
    return home;
  }

  private String cgroup() {
    String expected = "auto, none or the path of a control group such as /nsm";
    String text = root.text("cgroup", expected, Facts.REFUSED).orElse(AgentConfig.CGROUP_AUTO);
    boolean word = List.of(AgentConfig.CGROUP_AUTO, AgentConfig.CGROUP_NONE).contains(text);
    if (!word && (!text.startsWith("/") || text.contains("/.."))) {
      root.error("cgroup", "expected " + expected + ", but found '" + text + "'", "");
    }
    return text;
  }

  private Path directory(String key, Path otherwise) {
    return start.resolve(path(root, key).orElse(otherwise)).normalize();
  }

  private static Optional<Path> path(Section section, String key) {
    Optional<String> text = section.text(key, "a path", Facts.REFUSED);
    try {
      if (text.isPresent() && text.get().isBlank()) {
        section.error(key, "expected a path, but found ''", "");
        return Optional.empty();
      }
      return text.map(Path::of);
    } catch (InvalidPathException invalid) {
      section.error(key, "cannot be a path: " + invalid.getReason(), "");
      return Optional.empty();
    }
  }
}
