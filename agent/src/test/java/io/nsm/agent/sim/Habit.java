package io.nsm.agent.sim;

/** A bad habit of what surrounds the decisions: each takes one rule of the protocol away. */
enum Habit {
  /** Whoever believes to lead answers renewals at once, without a barrier. */
  ANSWERS_WITHOUT_BARRIER,
  /** The renewals that the guard holds back are answered all the same (R3''). */
  ANSWERS_THE_EXPIRING,
  /** Renewals that came in after the barrier was proposed are answered with it (R2'b). */
  JOINS_OLDER_BARRIER,
  /** A decision on time goes to the leader there is, and counts as of the own term (R1'). */
  FORWARDS_DECISIONS,
  /** A barrier goes to the leader there is, and is taken for an own one (R2'b). */
  FORWARDS_BARRIERS,
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
  /** A host that came up again or a copy of its data on another machine is admitted at once. */
  ADMITS_ANY_BOOT,
  /** An agent gives up grants of the runs alone that it launched itself (R7'). */
  SPEAKS_FOR_ITS_OWN_RUNS,
  /** What an agent says of one grant counts for whichever is current (R1'). */
  VACATES_WHATEVER_IS_HELD,
  /** A leader grants to whoever was ready once, answered lately or not (R3'''). */
  GRANTS_WITHOUT_A_LEASE,
  /** A leader goes on to renew the lease of a host that does not hear it (R3'''). */
  ANSWERS_THE_DEAF,
  /** A leader waits for ever for the chosen one to act (R3'''). */
  WAITS_FOR_EVER,
  /** A leader takes what is to be stopped for stopped (R3'). */
  STOPS_WITHOUT_WAITING,
  /** What cannot have its checkpoint starts without (R6'). */
  STARTS_WITHOUT_BYTES,
  /** An agent forgets the runs that an earlier one left. */
  FORGETS_RUNS,
  /** A member says that it has an entry before that is on disk. */
  ACKNOWLEDGES_UNSYNCED,
  /** One copy of a checkpoint's bytes is taken for enough (R5'). */
  ONE_COPY_IS_ENOUGH,
  /** A save counts for whichever epoch its agent believes to be current (R5'). */
  SAVES_UNDER_ANY_EPOCH,
  /** A process looks at its monotonic clock only (R4''). */
  CHECKS_ONE_CLOCK,
  /** A save that is submitted again is told to be of an epoch that is over (R5'). */
  TAKES_A_RETRY_FOR_OLD,
  /** A member removes all bytes but those that its own copy of the ledger names (R6'). */
  REMOVES_THE_UNREFERENCED,
  /** A member takes the writer's agent's word that an epoch is current (H18). */
  CHECKS_WRITES_AT_THE_WRITER,
  /** A run acts before the fence of its epoch is raised (H18). */
  RAISES_NO_FENCE,
  /** Epochs are counted anew when a process is declared anew (R1'). */
  COUNTS_EPOCHS_ANEW,
  /** A save is acknowledged before the ledger has it. */
  ACKNOWLEDGES_EARLY
}
