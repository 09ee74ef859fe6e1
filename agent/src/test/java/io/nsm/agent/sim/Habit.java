package io.nsm.agent.sim;

/** A bad habit of what surrounds the decisions: each takes one rule of the protocol away. */
enum Habit {
  /** Whoever believes to lead answers renewals at once, without a barrier. */
  ANSWERS_WITHOUT_BARRIER,
  /** The renewals that the guard holds back are answered all the same (R3''). */
  ANSWERS_THE_EXPIRING,
  /** Renewals that came in after the barrier was proposed are answered with it (R2'b). */
  JOINS_OLDER_BARRIER,
  /** What is to go to the own log goes to the leader there is, and counts as of the own term. */
  FORWARDS_APPENDS,
  /** The leader adds no margin to a lease (H5). */
  BOUND_WITHOUT_MARGIN,
  /** The leader takes all clocks for exact (H11). */
  BOUND_WITHOUT_CLOCK_ERROR,
  /** Followers do not learn whose renewals a barrier serves (R2'e). */
  BARRIER_NAMES_NOBODY,
  /** Lists name every grant that the host ever held (R4'). */
  LIST_OF_EVERYTHING,
  /** An agent takes its own copy of the ledger for the leader's answer (R4'). */
  ASKS_ITS_OWN_COPY,
  /** A restarted agent goes on with the incarnation, and so the run ids, of the one before. */
  REUSES_RUN_IDS,
  /** A broken link is taken for the end of the run (H7). */
  EOF_IS_EXIT,
  /** A process counts its lease from when it reads the message (H8). */
  LEASE_FROM_RECEIPT,
  /** An agent counts its lease from when it reads the answer. */
  ANSWER_FROM_RECEIPT,
  /** The agent reports a lapse without waiting for the margin (H6). */
  LAPSE_WITHOUT_MARGIN,
  /** The first word that a grant is given up is taken for heard (R7'). */
  SAYS_IT_ONCE,
  /** An agent that is superseded is not told so (R7'). */
  HEARS_OF_NO_SUCCESSOR,
  /** An agent that was superseded asks to be admitted as if it never was. */
  JOINS_AGAIN,
  /** An agent gives up what it never saw as soon as it is told of it (R3'). */
  VACATES_THE_UNSEEN,
  /** A new leader waits anew for every host (H15). */
  WAITS_ANEW,
  /** A save is acknowledged before the ledger has it. */
  ACKNOWLEDGES_EARLY
}
