package io.nsm.supervisor.config;

import io.nsm.supervisor.config.Texts.Facts;
import io.nsm.supervisor.config.YamlNode.Scalar;
import io.nsm.supervisor.model.Names;
import io.nsm.supervisor.model.ProcessSpec.HostRule;
import io.nsm.supervisor.model.ProcessSpec.Placement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads where instances may run. */
final class PlacementReader {
  static final String RULE =
      "a rule such as \"${host.zone} in [a, b]\", \"${host.name} not in [c]\","
          + " \"${host.label.disk} == ssd\" or \"${host.zone} != a\"";

  private static final Pattern GRAMMAR =
      Pattern.compile(
          "\\s*\\$\\{(host\\.[^}]*)}\\s*"
              + "(?:(?<not>not\\s+)?in\\s*\\[(?<many>[^\\[\\]]*)]|(?<op>==|!=)\\s*(?<one>[^\\s\\[\\]]+))\\s*");

  private final Section process;
  private final Texts texts;
  private final Problems problems;

  PlacementReader(Section process, Texts texts, Problems problems) {
    this.process = process;
    this.texts = texts;
    this.problems = problems;
  }

  /** Whether two instances may share a host. */
  enum AntiAffinity {
    HOST,
    NONE
  }

  /**
   * The placement.
   *
   * @param crowded whether two instances could not live on one host, since they use fixed ports
   */
  Placement read(boolean crowded) {
    AntiAffinity otherwise = crowded ? AntiAffinity.HOST : AntiAffinity.NONE;
    Optional<Section> read = process.section("placement", Shape.PLACEMENT);
    if (read.isEmpty()) {
      return new Placement(List.of(), crowded, List.of());
    }
    Section section = read.get();
    List<HostRule> rules = new ArrayList<>();
    for (YamlNode item : section.items("on", "rules")) {
      rule(item).ifPresent(rules::add);
    }
    AntiAffinity apart = section.choice("antiAffinity", otherwise);
    if (crowded && apart == AntiAffinity.NONE) {
      problems.error(
          section
              .problem(
                  "antiAffinity", "'none' lets instances share a host, but they use fixed ports")
              .against(process.placeOf("ports"))
              .hint("use 'host', or remove the ports"));
    }
    Placement placement = new Placement(rules, apart == AntiAffinity.HOST, labels(section));
    if (!HostSets.satisfiable(rules)) {
      section.error("on", "no host can meet all of these rules", "check the values");
    }
    return placement;
  }

  private Optional<HostRule> rule(YamlNode item) {
    Optional<String> text = texts.text(item, RULE, Facts.ALLOWED);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Matcher matcher = GRAMMAR.matcher(text.get());
    if (!matcher.matches()) {
      Scalar shown = new Scalar(item.place(), item.path(), text.get(), YamlNode.Kind.TEXT);
      problems.error(Texts.wrong(shown, RULE));
      return Optional.empty();
    }
    boolean negated = matcher.group("not") != null || "!=".equals(matcher.group("op"));
    String many = matcher.group("many");
    Set<String> values = values(item, many == null ? matcher.group("one") : many);
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(new HostRule(HostFacts.ruleName(matcher.group(1)), negated, values));
  }

  private Set<String> values(YamlNode item, String list) {
    Set<String> values = new LinkedHashSet<>();
    for (String part : list.split(",", -1)) {
      String value = part.strip();
      if (LabelValues.valid(value)) {
        values.add(value);
      } else {
        problems.error(
            Problem.at(item.place(), item.path(), "'" + value + "' cannot be a value of a label")
                .hint(LabelValues.RULE));
      }
    }
    return values;
  }

  private List<String> labels(Section section) {
    List<String> labels = new ArrayList<>();
    for (YamlNode item : section.items("spread", "names of labels")) {
      Optional<String> label = texts.word(item, Facts.REFUSED);
      if (label.isPresent() && !Names.valid(label.get())) {
        problems.error(Texts.wrong(item, "the name of a label: " + Names.RULE));
      } else {
        label.ifPresent(labels::add);
      }
    }
    return labels;
  }
}
