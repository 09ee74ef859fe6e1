package io.nsm.supervisor.config;

import java.util.ArrayList;
import java.util.List;

/**
 * A {@code ${name}} in a text. {@code $${} is none: it is the way to write {@code ${}.
 *
 * @param start of the dollar sign
 * @param end behind the closing brace
 * @param open whether the closing brace is missing
 */
record Reference(String name, int start, int end, boolean open) {

  static List<Reference> in(String text) {
    List<Reference> found = new ArrayList<>();
    int at = text.indexOf('$');
    while (at >= 0) {
      int end = at + 1;
      if (text.startsWith("$${", at)) {
        end = at + 3;
      } else if (text.startsWith("${", at)) {
        int brace = text.indexOf('}', at);
        end = brace < 0 ? text.length() : brace + 1;
        String name = text.substring(at + 2, brace < 0 ? end : brace);
        found.add(new Reference(name, at, end, brace < 0));
      }
      at = text.indexOf('$', end);
    }
    return found;
  }
}
