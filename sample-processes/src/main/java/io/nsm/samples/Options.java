package io.nsm.samples;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options of a sample: {@code --name value} pairs. */
public final class Options {

  private final Map<String, String> values;

  private Options(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /** Reads options; a name that is not among the known ones is refused. */
  public static Options parse(List<String> args, String... known) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < args.size(); i += 2) {
      String name = args.get(i);
      if (!List.of(known).contains(name)) {
        throw new IllegalArgumentException(
            name + ": unknown option; known are " + String.join(", ", known));
      }
      if (i + 1 == args.size()) {
        throw new IllegalArgumentException(name + ": needs a value");
      }
      if (values.put(name, args.get(i + 1)) != null) {
        throw new IllegalArgumentException(name + ": given twice");
      }
    }
    return new Options(values);
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** A whole number of at least a least one. */
  public long number(String name, long least, long otherwise) {
    String text = values.get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": expected a whole number, found " + text, e);
    }
    throw new IllegalArgumentException(name + ": expected at least " + least + ", found " + text);
  }
}
