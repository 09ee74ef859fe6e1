package io.nsm.supervisor.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Says in plain words why a text is not YAML. */
final class YamlFailures {
  private YamlFailures() {}

  static Problem explain(String source, String text, YamlEngineException failure) {
    if (failure instanceof MarkedYamlEngineException marked) {
      Optional<Mark> mark = marked.getProblemMark().or(marked::getContextMark);
      if (mark.isPresent()) {
        Place place = YamlSource.place(source, mark.get());
        return explain(place, line(text, place.line()), marked);
      }
    }
    if (failure instanceof ReaderException reader) {
      return character(source, text, reader.getPosition(), reader.getCodePoint());
    }
    return Problem.at(Place.of(source), "", "not YAML: " + failure.getMessage());
  }

  /** A character that is none of YAML's. */
  static Problem character(String source, String text, int position, int codePoint) {
    return Problem.at(
            placeOfCharacter(source, text, position),
            "",
            String.format(Locale.ROOT, "character U+%04X cannot stand in YAML", codePoint))
        .hint("save the file as UTF-8 text");
  }

  private static Problem explain(Place place, String line, MarkedYamlEngineException failure) {
    int at = Math.min(line.length(), place.column() - 1);
    Optional<Place> variable = unquotedVariable(place, line, at);
    if (variable.isPresent()) {
      return Problem.at(variable.get(), "", "an unquoted ${…} inside {…} or […] breaks the YAML")
          .hint("put the value in double quotes: \"…${…}…\"");
    }
    if (line.substring(0, at).contains("\t") || line.startsWith("\t", at)) {
      int tab = line.indexOf('\t');
      return Problem.at(
              new Place(place.source(), place.line(), tab + 1), "", "a tab where YAML wants spaces")
          .hint("indent with spaces");
    }
    Problem problem = Problem.at(place, "", "not YAML: " + said(failure)).hint(advice(failure));
    Optional<Place> opened =
        failure.getContextMark().map(it -> YamlSource.place(place.source(), it));
    return opened.filter(it -> !it.equals(place)).map(problem::against).orElse(problem);
  }

  /**
   * A plain value ends at a brace, so {@code {jar: ${x}}} is read as a text {@code $} and then a
   * brace that should not be there; the parser stops at that brace or soon after.
   */
  private static Optional<Place> unquotedVariable(Place place, String line, int at) {
    int dollar = line.startsWith("{", at) ? at - 1 : -1;
    if (dollar >= 0 && line.charAt(dollar) == '$') {
      return Optional.of(new Place(place.source(), place.line(), dollar + 1));
    }
    return Optional.empty();
  }

  private static String said(MarkedYamlEngineException failure) {
    String problem = failure.getProblem();
    String context = failure.getContext();
    String said = context == null || context.isEmpty() ? problem : context + ", " + problem;
    return said == null ? "cannot be parsed" : said.strip().replaceAll("\\s+", " ");
  }

  private static String advice(MarkedYamlEngineException failure) {
    String said = said(failure);
    if (said.contains("mapping values are not allowed here")) {
      return "quote a text that contains ': ', or check the indentation";
    } else if (said.contains("found unexpected end of stream")) {
      return "close the quotes";
    } else if (said.contains("but got")
        || said.contains("but found")
        || said.contains("could not find expected ':'")) {
      return "check the indentation, and that every {, [ and quote is closed";
    }
    return "";
  }

  private static String line(String text, int number) {
    List<String> lines = text.lines().limit(number).toList();
    return lines.size() < number ? "" : lines.get(number - 1);
  }

  private static Place placeOfCharacter(String source, String text, int position) {
    String before = text.substring(0, Math.min(text.length(), Math.max(0, position)));
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    return new Place(source, line, before.length() - before.lastIndexOf('\n'));
  }
}
