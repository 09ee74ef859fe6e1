package io.nsm.supervisor.model;

import java.util.regex.Pattern;

/** The one rule for the names of processes, hosts, labels, ports and maps. */
public final class Names {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?");

  /** What a name must be, for messages. */
  public static final String RULE =
      "1 to 63 characters of a-z, 0-9, '.', '_' and '-', a letter or digit first and last";

  private Names() {}

  public static boolean valid(String name) {
    return NAME.matcher(name).matches();
  }

  static String check(String what, String name) {
    if (!valid(name)) {
      throw new IllegalArgumentException(what + " '" + name + "' is not a name: " + RULE);
    }
    return name;
  }
}
