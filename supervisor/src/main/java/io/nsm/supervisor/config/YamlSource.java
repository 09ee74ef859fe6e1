package io.nsm.supervisor.config;

import io.nsm.supervisor.config.YamlNode.Field;
import io.nsm.supervisor.config.YamlNode.Fields;
import io.nsm.supervisor.config.YamlNode.Items;
import io.nsm.supervisor.config.YamlNode.Kind;
import io.nsm.supervisor.config.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;

/**
 * Reads one YAML 1.2 document (core schema) into nodes that know their place. Reads the parser's
 * events itself, so that depth and size are bounded before anything is built.
 */
final class YamlSource {
  /** The longest text, in characters. */
  static final int LONGEST = 1 << 20;

  /** The deepest nesting; a declaration needs six. */
  static final int DEEPEST = 32;

  /** The most values, aliases counted as what they stand for. */
  static final int MOST_VALUES = 100_000;

  private static final CoreScalarResolver KINDS = new CoreScalarResolver(false);

  private final String source;
  private final Problems problems;
  private final Iterator<Event> events;
  private final Map<Anchor, YamlNode> anchors = new HashMap<>();
  private int values;

  private YamlSource(String source, String text, Problems problems) {
    this.source = source;
    this.problems = problems;
    LoadSettings settings = LoadSettings.builder().setLabel(source).setUseMarks(true).build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /** The document, or nothing when it is not YAML or empty; why is among the problems then. */
  static Optional<YamlNode> read(String source, String text, Problems problems) {
    if (text.length() > LONGEST) {
      problems.error(
          Problem.at(
                  Place.of(source),
                  "",
                  "the text has " + text.length() + " characters, at most " + LONGEST + " are read")
              .hint("split it into several files"));
      return Optional.empty();
    }
    String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
    OptionalInt half = halfCharacter(plain);
    if (half.isPresent()) {
      problems.error(
          YamlFailures.character(source, plain, half.getAsInt(), plain.charAt(half.getAsInt())));
      return Optional.empty();
    }
    try {
      return new YamlSource(source, plain, problems).document();
    } catch (YamlEngineException failure) {
      problems.error(YamlFailures.explain(source, plain, failure));
      return Optional.empty();
    } catch (Refused refused) {
      problems.error(refused.problem);
      return Optional.empty();
    }
  }

  /** The parser trips over half of a surrogate pair at the end of one of its buffers. */
  private static OptionalInt halfCharacter(String text) {
    for (int at = 0; at < text.length(); at++) {
      boolean pair =
          Character.isHighSurrogate(text.charAt(at))
              && at + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(at + 1));
      if (pair) {
        at++;
      } else if (Character.isSurrogate(text.charAt(at))) {
        return OptionalInt.of(at);
      }
    }
    return OptionalInt.empty();
  }

  private Optional<YamlNode> document() {
    Optional<YamlNode> root = Optional.empty();
    while (events.hasNext()) {
      Event event = events.next();
      if (event instanceof NodeEvent start) {
        if (root.isPresent()) {
          throw refused(
              event, "", "a second document cannot be read", "put it into a file of its own");
        }
        root = Optional.of(node(start, "", 1));
      }
    }
    if (root.isEmpty()) {
      problems.error(
          Problem.at(Place.of(source), "", "the text is empty")
              .hint("begin with 'apiVersion: nsm/v1'"));
    }
    return root;
  }

  private YamlNode node(NodeEvent event, String path, int depth) {
    if (depth > DEEPEST) {
      throw refused(event, path, "nested deeper than " + DEEPEST + " levels", "");
    }
    YamlNode node =
        switch (event.getEventId()) {
          case Scalar -> scalar((ScalarEvent) event, path);
          case Alias -> alias((AliasEvent) event, path);
          case SequenceStart -> items((CollectionStartEvent) event, path, depth);
          case MappingStart -> fields((CollectionStartEvent) event, path, depth);
          default -> throw new IllegalStateException("not a value: " + event);
        };
    count(event, path, event instanceof AliasEvent ? node.size() : 1);
    if (!(event instanceof AliasEvent)) {
      event.getAnchor().ifPresent(anchor -> anchors.put(anchor, node));
    }
    return node;
  }

  private void count(Event event, String path, int more) {
    values += more;
    if (values > MOST_VALUES) {
      throw refused(event, path, "more than " + MOST_VALUES + " values", "");
    }
  }

  private Scalar scalar(ScalarEvent event, String path) {
    Optional<String> tag = event.getTag();
    if (tag.isPresent() && !tag.get().equals("!") && !tag.get().equals(Tag.STR.getValue())) {
      throw refused(
          event,
          path,
          "tag '" + tag.get() + "' cannot be read",
          "tags are not used here; leave it out");
    }
    boolean plain = event.isPlain() && tag.isEmpty();
    return new Scalar(place(event), path, event.getValue(), kind(event.getValue(), plain));
  }

  private static Kind kind(String text, boolean plain) {
    if (!plain) {
      return Kind.TEXT;
    }
    Tag tag = KINDS.resolve(text, true);
    if (tag.equals(Tag.INT)) {
      return Kind.WHOLE;
    } else if (tag.equals(Tag.FLOAT)) {
      return Kind.NUMBER;
    } else if (tag.equals(Tag.BOOL)) {
      return Kind.TRUTH;
    }
    return tag.equals(Tag.NULL) ? Kind.NOTHING : Kind.TEXT;
  }

  private YamlNode alias(AliasEvent event, String path) {
    YamlNode target = anchors.get(event.getAlias());
    if (target == null) {
      throw refused(
          event,
          path,
          "nothing above is marked '&" + event.getAlias().getValue() + "'",
          "an alias stands for a whole value that ended before it");
    }
    return target;
  }

  private Items items(CollectionStartEvent start, String path, int depth) {
    refuseTag(start, path);
    List<YamlNode> items = new ArrayList<>();
    int size = 1;
    Event next = events.next();
    while (next instanceof NodeEvent item) {
      YamlNode node = node(item, path + "[" + items.size() + "]", depth + 1);
      items.add(node);
      size += node.size();
      next = events.next();
    }
    return new Items(place(start), path, items, size);
  }

  private Fields fields(CollectionStartEvent start, String path, int depth) {
    refuseTag(start, path);
    Map<String, Field> fields = new LinkedHashMap<>();
    int size = 1;
    Event next = events.next();
    while (next instanceof NodeEvent key) {
      String name = key(key, path);
      String inner = path.isEmpty() ? name : path + "." + name;
      YamlNode value = node((NodeEvent) events.next(), inner, depth + 1);
      size += value.size();
      Field first = fields.putIfAbsent(name, new Field(place(key), value));
      if (first != null) {
        problems.error(
            Problem.at(place(key), inner, "declared twice, first above")
                .against(first.place())
                .hint("keep one of them"));
      }
      next = events.next();
    }
    return new Fields(place(start), path, fields, size);
  }

  private String key(NodeEvent event, String path) {
    if (event instanceof ScalarEvent scalar) {
      count(event, path, 1);
      return scalar.getValue();
    }
    throw refused(event, path, "a key that is not a single word cannot be read", keyHint(event));
  }

  private static String keyHint(Event event) {
    return event instanceof AliasEvent
        ? "write the key itself"
        : "quote a value that begins with '{' or '[', such as \"${version}\"";
  }

  private void refuseTag(CollectionStartEvent start, String path) {
    if (start.getTag().isPresent() && !start.getTag().get().equals("!")) {
      throw refused(
          start,
          path,
          "tag '" + start.getTag().get() + "' cannot be read",
          "tags are not used here; leave it out");
    }
  }

  private Refused refused(Event event, String path, String found, String hint) {
    return new Refused(Problem.at(place(event), path, found).hint(hint));
  }

  private Place place(Event event) {
    return event.getStartMark().map(mark -> place(source, mark)).orElse(Place.of(source));
  }

  static Place place(String source, Mark mark) {
    return new Place(source, mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** Ends the reading of one source: what follows could not be understood. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    Refused(Problem problem) {
      super(problem.toString());
      this.problem = problem;
    }
  }
}
