package io.nsm.agent;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.nsm.supervisor.control.Leader;
import io.nsm.supervisor.ledger.Answer;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.ledger.Rules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Who may use whom, and what the pure parts keep clear of. */
class ArchitectureTest {
  private static final JavaClasses NSM =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.nsm");

  /** Each package (of {@code io.nsm}) and the others of ours that it may use. */
  private static final String PACKAGES =
      """
      process:
      process.link:
      process.runtime: process process.link

      supervisor.model:
      supervisor.wire: supervisor.model
      supervisor.api: supervisor.model
      supervisor.config: supervisor.model
      supervisor.lease: supervisor.model
      supervisor.ledger: supervisor.model supervisor.wire
      supervisor.reconcile: supervisor.model supervisor.ledger
      supervisor.control: supervisor.model supervisor.ledger supervisor.lease supervisor.reconcile
      supervisor.loop:
      supervisor.channel: supervisor.model
      supervisor.grid: supervisor.model process
      supervisor.channel.jgroups: supervisor.model supervisor.channel
      supervisor.ledger.raft: supervisor.model supervisor.ledger supervisor.channel
      supervisor.grid.quorum: supervisor.model supervisor.grid supervisor.channel process
      supervisor.grid.infinispan: supervisor.model supervisor.grid supervisor.grid.quorum supervisor.channel
      supervisor.ctl: supervisor.model supervisor.config supervisor.api supervisor.wire

      agent.lifecycle: supervisor.model
      agent.launch: supervisor.model supervisor.config supervisor.wire process.link
      agent.link: supervisor.model supervisor.grid process process.link
      agent.probe: supervisor.model
      agent.http: supervisor.model supervisor.api supervisor.wire
      agent.doctor: supervisor.api supervisor.config supervisor.model
      agent.node: agent.* supervisor.* process process.link
      agent: agent.* supervisor.*
      """;

  /** Which libraries only some packages may use. */
  private static final Map<String, String[]> LIBRARIES =
      Map.of(
          "org.apache.ratis..", new String[] {"io.nsm.supervisor.ledger.raft"},
          "org.infinispan..", new String[] {"io.nsm.supervisor.grid.infinispan"},
          "org.jgroups..",
              new String[] {
                "io.nsm.supervisor.channel.jgroups", "io.nsm.supervisor.grid.infinispan"
              },
          "com.fasterxml.jackson..",
              new String[] {"io.nsm.supervisor.wire", "io.nsm.supervisor.ctl", "io.nsm.agent.http"},
          "org.snakeyaml..", new String[] {"io.nsm.supervisor.config", "io.nsm.supervisor.ctl"},
          "picocli..", new String[] {"io.nsm.supervisor.ctl", "io.nsm.agent"});

  /** Where a lock is held, and why; everything else belongs to one thread. */
  private static final Map<String, String> LOCKS =
      Map.of(
          "BootClock.java", "read by the loop and by the threads of the links",
          "Seat.java", "the readers of an old and a new link of one run",
          "AgentLink.java", "a process's own threads write to one link",
          "Tenure.java", "a process's own threads ask for one term",
          "HostClock.java", "one open file, read by any thread",
          "InOrder.java", "a queue between any thread and a worker",
          "RaftLedger.java", "started and closed by any thread",
          "Submission.java", "answers and time-outs meet",
          "Submissions.java", "commands begin and end on any thread");

  private static final DescribedPredicate<JavaClass> PURE =
      describe(
          "pure",
          type -> {
            JavaClass outermost = outermost(type);
            return resideInAnyPackage(
                        "io.nsm.supervisor.reconcile",
                        "io.nsm.supervisor.lease",
                        "io.nsm.supervisor.control",
                        "io.nsm.supervisor.model",
                        "io.nsm.agent.lifecycle")
                    .test(type)
                || Stream.of(Rules.class, LedgerState.class, Command.class, Answer.class)
                    .anyMatch(outermost::isEquivalentTo)
                || Set.of(
                        "io.nsm.agent.node.HostAgent",
                        "io.nsm.agent.node.Turns",
                        "io.nsm.agent.node.Declaring",
                        "io.nsm.agent.node.ClusterView")
                    .contains(outermost.getName());
          });

  @Test
  void uses_between_packages_only_what_the_table_says() {
    Map<String, Set<String>> allowed = table();
    Map<String, Set<String>> found = new TreeMap<>();
    for (JavaClass type : NSM) {
      Set<String> used = found.computeIfAbsent(shortName(type), key -> new TreeSet<>());
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (target.getPackageName().startsWith("io.nsm")) {
          used.add(shortName(target));
        }
      }
      used.remove(shortName(type));
    }

    assertThat(found.keySet()).isEqualTo(allowed.keySet());
    found.forEach(
        (name, used) ->
            assertThat(used)
                .as("what %s uses", name)
                .allMatch(
                    other ->
                        allowed.getOrDefault(name, Set.of()).stream()
                            .anyMatch(
                                row ->
                                    row.equals(other)
                                        || row.endsWith(".*")
                                            && other.startsWith(
                                                row.substring(0, row.length() - 1))),
                    "is in its row of the table"));
  }

  @Test
  void has_no_cycles_between_the_packages_of_a_module() {
    slices().matching("io.nsm.process.(*)..").should().beFreeOfCycles().check(NSM);
    slices().matching("io.nsm.supervisor.(**)").should().beFreeOfCycles().check(NSM);
    slices().matching("io.nsm.agent.(**)").should().beFreeOfCycles().check(NSM);
  }

  @Test
  void lets_data_flow_from_the_agent_to_the_supervisor_to_the_api_and_never_back() {
    noClasses()
        .that()
        .resideInAPackage("io.nsm.process..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.nsm.supervisor..", "io.nsm.agent..")
        .check(NSM);
    noClasses()
        .that()
        .resideInAPackage("io.nsm.supervisor..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.nsm.agent..")
        .check(NSM);
  }

  @Test
  void puts_adapters_behind_their_ports_by_the_wiring_alone() {
    String[] adapters = {
      "io.nsm.supervisor.ledger.raft",
      "io.nsm.supervisor.channel.jgroups",
      "io.nsm.supervisor.grid.infinispan",
      "io.nsm.supervisor.grid.quorum"
    };
    noClasses()
        .that()
        .resideOutsideOfPackages(adapters)
        .and(
            describe(
                "are not the wiring",
                type ->
                    !Set.of(
                            "io.nsm.agent.Main",
                            "io.nsm.agent.node.Node",
                            "io.nsm.agent.node.GridStart")
                        .contains(outermost(type).getName())))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(adapters)
        .check(NSM);
  }

  @Test
  void keeps_each_library_behind_the_package_that_adapts_it() {
    LIBRARIES.forEach(
        (library, packages) ->
            noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(NSM));
  }

  @Test
  void keeps_files_threads_networks_and_loggers_out_of_the_pure_parts() {
    noClasses()
        .that(PURE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io..",
            "java.nio.file..",
            "java.nio.channels..",
            "java.net..",
            "java.util.concurrent..",
            "java.util.logging..",
            "org.slf4j..",
            "ch.qos.logback..",
            "org.jgroups..",
            "org.infinispan..",
            "org.apache.ratis..",
            "com.fasterxml..",
            "io.nsm.supervisor.grid..",
            "io.nsm.supervisor.channel..",
            "io.nsm.supervisor.loop..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Thread.class, ThreadLocal.class, Runtime.class, Process.class)
        .check(NSM);
  }

  @Test
  void takes_time_and_chance_for_arguments_in_the_pure_parts() {
    noClasses()
        .that(PURE)
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Clock.class, Random.class, UUID.class)
        .check(NSM);
    assertThat(PURE.test(NSM.get(Leader.class))).isTrue();
    assertThat(PURE.test(NSM.get("io.nsm.supervisor.ledger.Rules$Application"))).isTrue();
  }

  @Test
  void declares_every_package_free_of_nulls() {
    Set<String> open =
        NSM.stream()
            .map(JavaClass::getPackage)
            .distinct()
            .filter(p -> !p.isAnnotatedWith(NullMarked.class))
            .map(p -> p.getName())
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(open).isEmpty();
  }

  @Test
  void names_things_and_not_their_types() {
    noClasses()
        .should()
        .haveNameMatching(".*(Manager|Helper|Helpers|Util|Utils|Impl|Data)")
        .check(NSM);
    noClasses()
        .should()
        .resideInAnyPackage("..common..", "..util..", "..utils..", "..impl..", "..helper..")
        .check(NSM);
  }

  @Test
  void holds_locks_only_where_it_says_why() throws IOException {
    Pattern lock = Pattern.compile("^(?!\\s*(\\*|//)).*\\bsynchronized\\b(?! *List)");
    Set<String> holders = new TreeSet<>();
    for (Path source : sources()) {
      if (Files.readAllLines(source).stream().anyMatch(line -> lock.matcher(line).find())) {
        holders.add(String.valueOf(source.getFileName()));
      }
    }

    assertThat(holders).isEqualTo(new TreeSet<>(LOCKS.keySet()));
  }

  /** The sources of the modules that this test sees; it runs in the directory of its own. */
  private static List<Path> sources() throws IOException {
    List<Path> sources;
    try (Stream<Path> files =
        Stream.of("process-api", "supervisor", "agent")
            .map(module -> Path.of("..", module, "src", "main", "java"))
            .flatMap(ArchitectureTest::walk)) {
      sources = files.filter(file -> file.toString().endsWith(".java")).toList();
    }
    assertThat(sources).hasSizeGreaterThan(100);
    return sources;
  }

  private static Stream<Path> walk(Path root) {
    try {
      return Files.walk(root);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Map<String, Set<String>> table() {
    return PACKAGES
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> line.split(":", 2))
        .collect(
            Collectors.toMap(
                row -> row[0],
                row ->
                    Arrays.stream(row[1].split(" ", -1))
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toSet())));
  }

  private static String shortName(JavaClass type) {
    return type.getPackageName().substring("io.nsm.".length());
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
  }
}
