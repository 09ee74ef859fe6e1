package io.nsm.supervisor.config;

import io.nsm.supervisor.config.YamlNode.Kind;
import io.nsm.supervisor.config.YamlNode.Scalar;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads single values: fills in variables, then checks what they are. */
final class Texts {
  private final Optional<Variables> variables;
  private final Problems problems;

  /**
   * Reads values in which variables are filled in.
   *
   * @param variables where there are none, <code>${…}</code> is refused
   */
  Texts(Optional<Variables> variables, Problems problems) {
    this.variables = variables;
    this.problems = problems;
  }

  /** Whether facts of the host may stay in a text, to be filled in where it is launched. */
  enum Facts {
    ALLOWED,
    REFUSED
  }

  /**
   * How to understand a value.
   *
   * @param expected for the message: {@code a duration such as 10s}
   * @param kind what the value must be when no variable stands in it
   */
  record Reading<T>(String expected, Kind kind, Function<String, Optional<T>> parse) {

    /** Refuses what is outside of these bounds, both allowed. */
    static Reading<Integer> whole(int least, int most) {
      return new Reading<>(
          "a whole number from " + least + " to " + most,
          Kind.WHOLE,
          text -> integer(text).filter(n -> n >= least && n <= most).map(Long::intValue));
    }

    static Reading<Double> number(double least, double most) {
      return new Reading<>(
          String.format(Locale.ROOT, "a number from %s to %s", plain(least), plain(most)),
          Kind.NUMBER,
          text -> decimal(text).filter(n -> n >= least && n <= most));
    }

    static Reading<Duration> duration(Duration least, Duration most) {
      return new Reading<>(
          Units.DURATION + ", from " + Units.text(least) + " to " + Units.text(most),
          Kind.TEXT,
          text ->
              Units.duration(text).filter(d -> d.compareTo(least) >= 0 && d.compareTo(most) <= 0));
    }

    static Reading<Long> size(long least, long most) {
      return new Reading<>(
          Units.SIZE + ", from " + Units.text(least) + " to " + Units.text(most),
          Kind.TEXT,
          text -> Units.bytes(text).filter(n -> n >= least && n <= most));
    }

    private static Optional<Long> integer(String text) {
      return text.matches("[-+]?[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    private static Optional<Double> decimal(String text) {
      return text.matches("[-+]?[0-9]{1,18}(\\.[0-9]{0,18})?")
          ? Optional.of(Double.valueOf(text))
          : Optional.empty();
    }

    private static String plain(double number) {
      return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
  }

  static Problem wrong(YamlNode node, String expected) {
    return Problem.at(
        node.place(), node.path(), "expected " + expected + ", but found " + node.description());
  }

  /** A text; a number is not one unless it is quoted. */
  Optional<String> text(YamlNode node, String expected, Facts facts) {
    if (node instanceof Scalar scalar && scalar.kind() == Kind.TEXT) {
      return filled(scalar, facts);
    }
    boolean quotable = node instanceof Scalar scalar && scalar.kind() != Kind.NOTHING;
    problems.error(wrong(node, expected).hint(quotable ? "put it in quotes" : ""));
    return Optional.empty();
  }

  /** A text, in which numbers and truth values count as texts. */
  Optional<String> word(YamlNode node, Facts facts) {
    if (node instanceof Scalar scalar && scalar.kind() != Kind.NOTHING) {
      return filled(scalar, facts);
    }
    problems.error(wrong(node, "text"));
    return Optional.empty();
  }

  <T> Optional<T> value(YamlNode node, Reading<T> reading) {
    if (!(node instanceof Scalar scalar)) {
      problems.error(wrong(node, reading.expected()));
      return Optional.empty();
    }
    boolean varied = variables.isPresent() && !Reference.in(scalar.text()).isEmpty();
    Optional<String> text = filled(scalar, Facts.REFUSED);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    boolean fits =
        scalar.kind() == reading.kind()
            || (reading.kind() == Kind.NUMBER && scalar.kind() == Kind.WHOLE)
            || (varied && scalar.kind() == Kind.TEXT);
    Optional<T> value = fits ? reading.parse().apply(text.get()) : Optional.empty();
    if (value.isEmpty()) {
      Scalar shown = new Scalar(scalar.place(), scalar.path(), text.get(), scalar.kind());
      problems.error(wrong(shown, reading.expected()).hint(hint(scalar, reading)));
    }
    return value;
  }

  /** One of some words; {@code later} are those that do not work yet. */
  <E extends Enum<E>> Optional<E> choice(YamlNode node, Class<E> type, Set<String> later) {
    List<E> constants = Arrays.asList(type.getEnumConstants());
    TreeSet<String> words = new TreeSet<>();
    constants.forEach(constant -> words.add(word(constant)));
    String expected = "one of " + String.join(", ", words);
    if (!(node instanceof Scalar scalar) || scalar.kind() != Kind.TEXT) {
      problems.error(wrong(node, expected));
      return Optional.empty();
    }
    Optional<String> text = filled(scalar, Facts.REFUSED);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<E> found = constants.stream().filter(c -> word(c).equals(text.get())).findFirst();
    if (found.isEmpty()) {
      boolean known = later.contains(text.get());
      Problem problem =
          known
              ? Problem.at(node.place(), node.path(), "'" + text.get() + "' is not supported yet")
              : Problem.at(
                  node.place(),
                  node.path(),
                  "expected one of "
                      + String.join(", ", words)
                      + ", but found '"
                      + text.get()
                      + "'");
      problems.error(problem.hint(known ? "" : Closest.hint(text.get(), words)));
    }
    return found;
  }

  /** How a constant is written: {@code active-standby}. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private Optional<String> filled(Scalar scalar, Facts facts) {
    if (scalar.text().indexOf('\0') >= 0) {
      problems.error(Problem.at(scalar.place(), scalar.path(), "a NUL character cannot be used"));
      return Optional.empty();
    }
    List<Reference> references = Reference.in(scalar.text());
    if (variables.isEmpty()) {
      references.forEach(
          reference ->
              problems.error(
                  Problem.at(scalar.place(), scalar.path(), "variables cannot be used here")));
      return references.isEmpty() ? Optional.of(scalar.text()) : Optional.empty();
    }
    Optional<String> filled = variables.get().expand(scalar);
    if (filled.isPresent() && facts == Facts.REFUSED && !Reference.in(filled.get()).isEmpty()) {
      String name = Reference.in(filled.get()).get(0).name();
      problems.error(
          Problem.at(scalar.place(), scalar.path(), "fact '${" + name + "}' cannot be used here")
              .hint("facts of the host can stand in programs, arguments and env"));
      return Optional.empty();
    }
    return filled;
  }

  private static String hint(Scalar scalar, Reading<?> reading) {
    if (scalar.kind() == Kind.WHOLE && reading.expected().startsWith(Units.DURATION)) {
      return "write the unit: " + scalar.text() + "s";
    } else if (scalar.kind() == Kind.WHOLE && reading.expected().startsWith(Units.SIZE)) {
      return "write the unit: " + scalar.text() + "MiB";
    }
    if (scalar.kind() == Kind.WHOLE && reading.expected().contains("in quotes")) {
      return "put it in quotes";
    }
    boolean quoted = reading.kind() != Kind.TEXT && scalar.kind() == Kind.TEXT;
    return quoted && scalar.text().matches("[-+0-9.]+") ? "remove the quotes" : "";
  }

  /** The values of variables, as they are declared. */
  static Optional<Scalar> variable(YamlNode node, Problems problems) {
    if (node instanceof Scalar scalar && scalar.kind() != Kind.NOTHING) {
      return Optional.of(scalar);
    }
    problems.error(wrong(node, "text"));
    return Optional.empty();
  }
}
