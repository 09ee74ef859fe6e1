package io.nsm.supervisor.config;

import java.util.regex.Pattern;

/** What a label can be: free of the signs that a placement rule needs. */
final class LabelValues {
  static final String RULE =
      "a value has 1 to 63 letters, digits, '.', '_' and '-', a letter or digit first";

  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  private LabelValues() {}

  static boolean valid(String value) {
    return VALUE.matcher(value).matches();
  }
}
