package io.nsm.supervisor.ctl;

import java.util.Locale;

/** The constants of the vocabulary as people write them: {@code active-standby}. */
final class Words {
  private Words() {}

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** {@code 1 host}, {@code 2 hosts}. */
  static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : what.endsWith("s") ? "es" : "s");
  }
}
