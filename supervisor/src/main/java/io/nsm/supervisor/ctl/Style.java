package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.InstanceState;

/** How a word looks on a terminal. */
enum Style {
  PLAIN(""),
  GOOD("32"),
  CAUTION("33"),
  BAD("31"),
  HEADING("1");

  private final String code;

  Style(String code) {
    this.code = code;
  }

  static Style of(InstanceState state) {
    return switch (state) {
      case READY, ACTIVE, STANDBY, COMPLETED -> GOOD;
      case STARTING, DRAINING, STOPPING, BACKOFF, UNKNOWN -> CAUTION;
      case FAILED -> BAD;
      case STOPPED -> PLAIN;
    };
  }

  String paint(String text, boolean colour) {
    return colour && this != PLAIN && !text.isEmpty()
        ? "\033[" + code + "m" + text + "\033[0m"
        : text;
  }
}
