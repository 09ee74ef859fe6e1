package io.nsm.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.nsm.supervisor.model.Dependency;
import io.nsm.supervisor.model.ProcessSpec.Failback;
import io.nsm.supervisor.model.ProcessSpec.Limit;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import io.nsm.supervisor.model.ProcessSpec.OnLeaseLost;
import io.nsm.supervisor.model.ProcessSpec.Restart;
import io.nsm.supervisor.model.ProcessSpec.Standby;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The published schemas and the reader say the same, as far as a schema can say it. */
class SchemasTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Bad inputs that only the reader can refuse: they are about texts, or about two places. */
  private static final Set<String> BEYOND_A_SCHEMA =
      Set.of(
          "a key declared twice",
          "heap from the defaults' limit",
          "a JVM that does not fit into its process",
          "accounts that are none",
          "one port twice in a process",
          "one port of two processes",
          "fixed ports and shared hosts",
          "backoff that begins above its end",
          "an exit code on both sides",
          "one-shots that are not one shot",
          "preferences that cannot be met",
          "rules that no host meets",
          "times that do not fit the lease",
          "unknown variables and facts",
          "a variable of the wrong kind",
          "two programs",
          "a command that cannot wait and cannot be asked to stop acting",
          "warnings",
          "dependencies that never hold",
          "dependencies in a circle",
          "a host that is not listed",
          "two voters",
          "four voters",
          "a witness without a vote",
          "only a witness",
          "loopback among others",
          "ports that clash",
          "a port that clashes with a second port",
          "a run directory that is too long",
          "a data directory that would be lost");

  @ParameterizedTest
  @EnumSource(Shape.class)
  void every_key_of_the_reader_is_in_the_schema_and_none_else(Shape shape) throws IOException {
    JsonNode root = JSON.readTree(file(shape.schema()).toFile());
    JsonNode mapping =
        shape.definition().isEmpty() ? root : root.path("$defs").path(shape.definition());

    assertThat(keys(mapping.path("properties"))).isEqualTo(new TreeSet<>(shape.keys()));
    assertThat(mapping.path("additionalProperties").asBoolean(true)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"processes", "agent"})
  void every_closed_mapping_of_a_schema_is_one_of_the_readers(String name) throws IOException {
    JsonNode definitions = JSON.readTree(file(name).toFile()).path("$defs");
    Set<String> closed = new TreeSet<>();
    definitions
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().has("properties")) {
                closed.add(entry.getKey());
              }
            });

    assertThat(closed)
        .isEqualTo(
            Arrays.stream(Shape.values())
                .filter(shape -> shape.schema().equals(name) && !shape.definition().isEmpty())
                .map(Shape::definition)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void the_words_of_the_schemas_are_those_of_the_reader() throws IOException {
    assertWords("processes", "process.mode", words(Mode.values()));
    assertWords("processes", "activeStandby.standby", words(Standby.values()));
    assertWords("processes", "activeStandby.onLeaseLost", words(OnLeaseLost.values()));
    assertWords("processes", "activeStandby.failback", words(Failback.values()));
    assertWords("processes", "dependency.condition", words(Dependency.Condition.values()));
    assertWords("processes", "restart.policy", words(Restart.Policy.values()));
    assertWords("processes", "limit.then", words(Limit.Then.values()));
    assertWords(
        "processes", "placement.antiAffinity", words(PlacementReader.AntiAffinity.values()));
    assertWords("processes", "java.onOutOfMemory", words(ProgramReader.OnOutOfMemory.values()));
    assertWords("processes", "stop.signal", new TreeSet<>(LifeReader.SIGNALS));
    assertWords("agent", "lease.profile", words(AgentConfigs.Profile.values()));
  }

  static Stream<Path> goodDeclarations() {
    return Stream.of(
        Path.of("../conf/processes.yaml"), Path.of("src/test/resources/config/every-key.yaml"));
  }

  @ParameterizedTest
  @MethodSource("goodDeclarations")
  void good_declarations_are_good_for_both(Path good) throws IOException {
    String text = Files.readString(good);

    assertThat(Declarations.readText("f", text, Map.of(), ClusterFacts.UNKNOWN).processes())
        .isNotEmpty();
    assertThat(refusals("processes", text)).isEmpty();
  }

  static Stream<Path> goodAgents() {
    return Stream.of(
        Path.of("../conf/agent.yaml"), Path.of("src/test/resources/config/every-agent-key.yaml"));
  }

  @ParameterizedTest
  @MethodSource("goodAgents")
  void good_agent_configurations_are_good_for_both(Path good) throws IOException {
    String text = Files.readString(good);

    assertThat(AgentConfigs.readText("f", text, Path.of("/srv")).config().hosts()).isNotEmpty();
    assertThat(refusals("agent", text)).isEmpty();
  }

  @Test
  void the_examples_with_every_key_have_every_key() throws IOException {
    for (String name : List.of("every-key", "every-agent-key")) {
      String text = Files.readString(Path.of("src/test/resources/config/" + name + ".yaml"));
      String schema = name.equals("every-key") ? "processes" : "agent";
      for (Shape shape : Shape.values()) {
        if (shape.schema().equals(schema)) {
          assertThat(shape.keys()).as("%s", shape).allMatch(key -> text.contains(key + ":"));
        }
      }
    }
  }

  static List<BadInputs.Case> badDeclarations() throws IOException {
    return forSchemas("bad-declarations");
  }

  @ParameterizedTest
  @MethodSource("badDeclarations")
  void a_schema_refuses_bad_declarations_as_well(BadInputs.Case bad) throws IOException {
    assertThat(refusals("processes", bad.text())).isNotEmpty();
  }

  static List<BadInputs.Case> badAgents() throws IOException {
    return forSchemas("bad-agents");
  }

  @ParameterizedTest
  @MethodSource("badAgents")
  void a_schema_refuses_bad_agent_configurations_as_well(BadInputs.Case bad) throws IOException {
    assertThat(refusals("agent", bad.text())).isNotEmpty();
  }

  /** The bad inputs that are YAML at all, without those that a schema cannot refuse. */
  private static List<BadInputs.Case> forSchemas(String table) throws IOException {
    List<BadInputs.Case> cases = new ArrayList<>();
    for (BadInputs.Case bad :
        BadInputs.read(Path.of("src/test/resources/config/" + table + ".txt"))) {
      boolean yaml =
          bad.messages().stream()
              .noneMatch(
                  it ->
                      it.matches(
                          ".*(not YAML|breaks the YAML|a tab|cannot be read;|marked '&|merge key).*"));
      if (yaml && !BEYOND_A_SCHEMA.contains(bad.title())) {
        cases.add(bad);
      }
    }
    return cases;
  }

  private static void assertWords(String schema, String path, Set<String> words)
      throws IOException {
    String[] keys = path.split("\\.");
    JsonNode property =
        JSON.readTree(file(schema).toFile())
            .path("$defs")
            .path(keys[0])
            .path("properties")
            .path(keys[1]);
    Set<String> found = new TreeSet<>();
    property.findPath("enum").forEach(word -> found.add(word.asText()));
    assertThat(found).as(path).isEqualTo(words);
  }

  private static Set<String> words(Enum<?>[] constants) {
    return Arrays.stream(constants).map(Texts::word).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> keys(JsonNode mapping) {
    Set<String> keys = new TreeSet<>();
    mapping.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static List<String> refusals(String schema, String text) throws IOException {
    LoadSettings settings =
        LoadSettings.builder().setSchema(new CoreSchema()).setAllowDuplicateKeys(true).build();
    Object value = new Load(settings).loadFromString(text);
    JsonSchema rules =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(Files.readString(file(schema)));
    return rules.validate(JSON.valueToTree(value)).stream().map(Object::toString).toList();
  }

  private static Path file(String schema) {
    return Path.of("../conf/schema/" + schema + ".schema.json");
  }
}
