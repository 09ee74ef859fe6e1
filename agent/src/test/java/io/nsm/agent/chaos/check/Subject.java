package io.nsm.agent.chaos.check;

/** What a moment of a recording is about: effects or saves of a process, calls on a key. */
record Subject(Kind kind, String name) {

  /** Terms and faults are few; the others come many times a second. */
  enum Kind {
    FAULT,
    TERM,
    EFFECT,
    SAVE,
    MAP
  }

  boolean few() {
    return kind == Kind.FAULT || kind == Kind.TERM;
  }
}
