package io.nsm.supervisor.config;

import io.nsm.supervisor.config.YamlNode.Field;
import io.nsm.supervisor.config.YamlNode.Fields;
import io.nsm.supervisor.config.YamlNode.Items;
import io.nsm.supervisor.config.YamlNode.Kind;
import io.nsm.supervisor.config.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One mapping that is read key by key. Unknown keys are problems at once; a value that cannot be
 * used is a problem and then counts as absent, so that reading goes on and finds the next one.
 */
final class Section {
  /** The most entries of a list. */
  static final int MOST_ITEMS = 1_000;

  private final Fields fields;
  private final Shape shape;
  private final Place place;
  private final Texts texts;
  private final Problems problems;

  private Section(Fields fields, Shape shape, Place place, Texts texts, Problems problems) {
    this.fields = fields;
    this.shape = shape;
    this.place = place;
    this.texts = texts;
    this.problems = problems;
    fields.fields().forEach(this::checkKey);
  }

  /**
   * Begins to read a node.
   *
   * @param place what to point at when something is missing
   */
  static Optional<Section> of(
      YamlNode node, Shape shape, Place place, Texts texts, Problems problems) {
    if (node instanceof Fields mapping) {
      return Optional.of(new Section(mapping, shape, place, texts, problems));
    }
    problems.error(Texts.wrong(node, "a mapping with keys such as '" + shape.keys().get(0) + "'"));
    return Optional.empty();
  }

  Place place() {
    return place;
  }

  String path() {
    return fields.path();
  }

  boolean has(String key) {
    return node(key).isPresent();
  }

  /** Whether the value was not written here but comes from {@code defaults}. */
  boolean inherited(String key) {
    return node(key).map(node -> node.path().startsWith("defaults.")).orElse(false);
  }

  String pathOf(String key) {
    return path().isEmpty() ? key : path() + "." + key;
  }

  /** The place of what these keys lead to, or of the last on the way that is there. */
  Place placeOf(String... keys) {
    Place found = place;
    YamlNode node = fields;
    for (String key : keys) {
      if (!(node instanceof Fields mapping) || !mapping.fields().containsKey(key)) {
        return found;
      }
      node = mapping.get(key).orElseThrow();
      found = node instanceof Scalar ? node.place() : mapping.fields().get(key).place();
    }
    return found;
  }

  /** The value of a key that this shape has. */
  Optional<YamlNode> node(String key) {
    if (!shape.keys().contains(key)) {
      throw new IllegalStateException(shape + " has no key '" + key + "'");
    }
    return fields.get(key);
  }

  Optional<Section> section(String key, Shape inner) {
    return node(key).flatMap(node -> of(node, inner, placeOf(key), texts, problems));
  }

  /** Any mapping by name; each name is checked by the caller. */
  Map<String, Field> mapping(String key, String expected) {
    Optional<YamlNode> node = node(key);
    if (node.isPresent() && !(node.get() instanceof Fields)) {
      problems.error(Texts.wrong(node.get(), expected));
    }
    return node.isPresent() && node.get() instanceof Fields mapping
        ? mapping.fields()
        : new LinkedHashMap<>();
  }

  /** The entries of a list. */
  List<YamlNode> items(String key, String expected) {
    Optional<YamlNode> node = node(key);
    if (node.isEmpty()) {
      return List.of();
    }
    if (!(node.get() instanceof Items list)) {
      String hint = node.get() instanceof Scalar ? "put it into brackets: [ … ]" : "";
      problems.error(Texts.wrong(node.get(), "a list of " + expected).hint(hint));
      return List.of();
    }
    if (list.items().size() > MOST_ITEMS) {
      error(
          key, "has " + list.items().size() + " entries, at most " + MOST_ITEMS + " are read", "");
      return List.of();
    }
    return list.items();
  }

  /** A list of texts, in which numbers count as texts. */
  List<String> words(String key, Texts.Facts facts) {
    List<String> words = new ArrayList<>();
    items(key, "texts").forEach(item -> texts.word(item, facts).ifPresent(words::add));
    return words;
  }

  Optional<String> text(String key, String expected, Texts.Facts facts) {
    return node(key).flatMap(node -> texts.text(node, expected, facts));
  }

  /** A value that {@code reading} understands. */
  <T> Optional<T> value(String key, Texts.Reading<T> reading) {
    return node(key).flatMap(node -> texts.value(node, reading));
  }

  /** One of the words of an enum. */
  <E extends Enum<E>> Optional<E> choice(String key, Class<E> type, Set<String> later) {
    return node(key).flatMap(node -> texts.choice(node, type, later));
  }

  <E extends Enum<E>> E choice(String key, E otherwise) {
    return choice(key, otherwise.getDeclaringClass(), Set.of()).orElse(otherwise);
  }

  boolean truth(String key) {
    Optional<YamlNode> node = node(key);
    boolean right =
        node.isPresent() && node.get() instanceof Scalar scalar && scalar.kind() == Kind.TRUTH;
    if (node.isPresent() && !right) {
      problems.error(Texts.wrong(node.get(), "true or false"));
    }
    return right && ((Scalar) node.orElseThrow()).text().equalsIgnoreCase("true");
  }

  void error(String key, String message, String hint) {
    problems.error(problem(key, message).hint(hint));
  }

  /** A problem with the value of a key, wherever that was written. */
  Problem problem(String key, String message) {
    String path = node(key).map(YamlNode::path).orElse(pathOf(key));
    return Problem.at(placeOf(key), path, message);
  }

  /** A problem with the mapping itself. */
  void missing(String message, String hint) {
    problems.error(Problem.at(place, path(), message).hint(hint));
  }

  private void checkKey(String key, Field field) {
    if (shape.keys().contains(key)) {
      return;
    }
    String path = field.value().path();
    if (shape.notYet().contains(key)) {
      problems.error(
          Problem.at(field.place(), path, "'" + key + "' is not supported yet")
              .hint("leave it out"));
      return;
    }
    if (key.equals("<<")) {
      problems.error(
          Problem.at(field.place(), pathOf(key), "YAML 1.2 has no merge key")
              .hint("write what several processes share under 'defaults'"));
      return;
    }
    TreeSet<String> known = new TreeSet<>(shape.keys());
    known.addAll(shape.notYet());
    String hint =
        Closest.of(key, known)
            .map(near -> "did you mean '" + near + "'?")
            .orElse("known are " + String.join(", ", shape.keys()));
    problems.error(Problem.at(field.place(), path, "unknown key").hint(hint));
  }
}
