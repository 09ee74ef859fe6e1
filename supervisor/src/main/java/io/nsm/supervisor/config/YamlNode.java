package io.nsm.supervisor.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value in a YAML text, with its place and the keys that lead to it. */
sealed interface YamlNode {
  Place place();

  String path();

  /** What this is, for messages. */
  String description();

  /** The number of values in it, itself included, an alias counted as what it stands for. */
  int size();

  /** What a single value is by the rules of YAML 1.2. */
  enum Kind {
    TEXT,
    WHOLE,
    NUMBER,
    TRUTH,
    NOTHING
  }

  /** A single value, as written. */
  record Scalar(Place place, String path, String text, Kind kind) implements YamlNode {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public String description() {
      return switch (kind) {
        case TEXT -> "'" + shortened() + "'";
        case WHOLE, NUMBER, TRUTH -> shortened();
        case NOTHING -> "nothing";
      };
    }

    private String shortened() {
      return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
  }

  /** A list. */
  record Items(Place place, String path, List<YamlNode> items, int size) implements YamlNode {
    public Items {
      items = List.copyOf(items);
    }

    @Override
    public String description() {
      return "a list";
    }
  }

  /** A mapping, in the order of the text. */
  record Fields(Place place, String path, Map<String, Field> fields, int size) implements YamlNode {
    public Fields {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    @Override
    public String description() {
      return "a mapping";
    }

    Optional<YamlNode> get(String key) {
      return Optional.ofNullable(fields.get(key)).map(Field::value);
    }

    Fields without(String key) {
      Map<String, Field> rest = new LinkedHashMap<>(fields);
      rest.remove(key);
      return new Fields(place, path, rest, size);
    }

    /** This mapping, with what {@code defaults} has beside it, mapping by mapping. */
    Fields over(Fields defaults) {
      Map<String, Field> merged = new LinkedHashMap<>(defaults.fields);
      fields.forEach(
          (key, own) -> {
            Field inherited = defaults.fields.get(key);
            boolean both =
                inherited != null
                    && own.value() instanceof Fields
                    && inherited.value() instanceof Fields;
            merged.put(
                key,
                both && inherited != null
                    ? new Field(
                        own.place(), ((Fields) own.value()).over((Fields) inherited.value()))
                    : own);
          });
      return new Fields(place, path, merged, size);
    }
  }

  /** A key's place and its value. */
  record Field(Place place, YamlNode value) {}
}
