package io.nsm.supervisor.config;

import io.nsm.supervisor.config.YamlNode.Scalar;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Puts values for {@code ${name}}. Facts of the host stay as they are, for the launching agent, and
 * so does {@code $${}, the way to write {@code ${}.
 */
final class Variables {
  /** The longest text after expansion, in characters. */
  static final int LONGEST = 32 * 1024;

  static final String NAME_RULE = "a letter or '_', then letters, digits, '_' and '-'";

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,62}");

  private final Map<String, Scalar> declared;
  private final Map<String, String> set;
  private final Problems problems;
  private final Set<String> used = new HashSet<>();
  private final Map<String, Optional<String>> values = new HashMap<>();

  Variables(Map<String, Scalar> declared, Map<String, String> set, Problems problems) {
    this.declared = declared;
    this.set = set;
    this.problems = problems;
  }

  static boolean validName(String name) {
    return NAME.matcher(name).matches();
  }

  /** Names that were declared here or asked for. */
  Set<String> known() {
    Set<String> known = new HashSet<>(used);
    known.addAll(declared.keySet());
    return known;
  }

  /** Checks the declared values even if nothing asks for them. */
  void check() {
    declared.keySet().forEach(name -> valueOf(name, new ArrayDeque<>()));
  }

  /** The text with all variables filled in; empty when one could not be, which is a problem. */
  Optional<String> expand(Scalar scalar) {
    return expand(scalar, scalar.text(), new ArrayDeque<>());
  }

  private Optional<String> expand(Scalar where, String text, Deque<String> within) {
    StringBuilder out = new StringBuilder();
    boolean whole = true;
    int at = 0;
    for (Reference reference : Reference.in(text)) {
      out.append(text, at, reference.start());
      at = reference.end();
      Optional<String> value = resolve(where, reference, within);
      value.ifPresent(out::append);
      whole &= value.isPresent();
      if (out.length() > LONGEST) {
        return failed(where, "longer than " + LONGEST + " characters once filled in", "");
      }
    }
    out.append(text, at, text.length());
    return whole ? Optional.of(out.toString()) : Optional.empty();
  }

  private Optional<String> resolve(Scalar where, Reference reference, Deque<String> within) {
    String name = reference.name();
    if (reference.open()) {
      return failed(where, "'${' without '}'", "write $${ for the characters themselves");
    } else if (name.startsWith("host.")) {
      return fact(where, name);
    } else if (name.startsWith("run.")) {
      return failed(where, "'${" + name + "}' belongs to schedules, not supported yet", "");
    }
    used.add(name);
    if (!set.containsKey(name) && !declared.containsKey(name)) {
      return unknown(where, name);
    }
    if (within.contains(name)) {
      return failed(where, "variable '" + name + "' stands for itself", "");
    }
    return valueOf(name, within);
  }

  private Optional<String> valueOf(String name, Deque<String> within) {
    String overridden = set.get(name);
    if (overridden != null) {
      return Optional.of(overridden);
    }
    Optional<String> known = values.get(name);
    Scalar scalar = declared.get(name);
    if (known != null || scalar == null) {
      return known == null ? Optional.empty() : known;
    }
    within.push(name);
    Optional<String> value = expand(scalar, scalar.text(), within);
    within.pop();
    values.put(name, value);
    return value;
  }

  private Optional<String> fact(Scalar where, String name) {
    if (HostFacts.isFact(name)) {
      return Optional.of("${" + name + "}");
    }
    return failed(
        where,
        "unknown fact of the host '${" + name + "}'",
        "known are ${host.name}, ${host.zone} and ${host.label.X} for a label X");
  }

  private Optional<String> unknown(Scalar where, String name) {
    List<String> names = new ArrayList<>(declared.keySet());
    names.addAll(set.keySet());
    String near =
        Closest.of(name, names)
            .map(word -> "did you mean '${" + word + "}'?")
            .orElse("declare it under 'vars', or write $${" + name + "} for the text itself");
    return failed(where, "unknown variable '${" + name + "}'", near);
  }

  private Optional<String> failed(Scalar where, String message, String hint) {
    problems.error(Problem.at(where.place(), where.path(), message).hint(hint));
    return Optional.empty();
  }
}
