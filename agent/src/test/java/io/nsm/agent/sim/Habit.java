package io.nsm.agent.sim;

/** A bad habit of what surrounds the decisions: each takes one rule of decision 9 away. */
enum Habit {
  /** Whoever believes to lead answers renewals at once, without a barrier. */
  ANSWERS_WITHOUT_BARRIER,
  /** The renewals that the guard holds back are answered all the same (rule 3). */
  ANSWERS_THE_EXPIRING,
  /** Renewals that came in after the barrier was proposed are answered with it (rule 2). */
  JOINS_OLDER_BARRIER,
  /** A decision on time goes to the leader there is, and counts as of the own term (rule 1). */
  FORWARDS_DECISIONS,
  /** A barrier goes to the leader there is, and is taken for an own one (rule 2). */
  FORWARDS_BARRIERS,
  /** The leader adds no margin to a lease (rule 3). */
  BOUND_WITHOUT_MARGIN,
  /** The leader takes all clocks for exact (rule 3). */
  BOUND_WITHOUT_CLOCK_ERROR,
  /** Followers do not learn whose renewals a barrier serves (rule 3). */
  BARRIER_NAMES_NOBODY,
  /** Lists name every grant that the host ever held (rule 4). */
  LIST_OF_EVERYTHING,
  /** An agent takes its own copy of the ledger for the leader's answer (rule 4). */
  ASKS_ITS_OWN_COPY,
  /** A restarted agent goes on with the incarnation, and so the run ids, of the one before. */
  REUSES_RUN_IDS,
  /** A broken link is taken for the end of the run (rule 6). */
  EOF_IS_EXIT,
  /** A process counts its lease from when it reads the message (rule 5). */
  LEASE_FROM_RECEIPT,
  /** An agent counts its lease from when it reads the answer. */
  ANSWER_FROM_RECEIPT,
  /** The agent reports a lapse without waiting for the margin (rule 6). */
  LAPSE_WITHOUT_MARGIN,
  /** The first word that a grant is given up is taken for heard (rule 6). */
  SAYS_IT_ONCE,
  /** An agent that is superseded is not told so (rule 8). */
  HEARS_OF_NO_SUCCESSOR,
  /** An agent that was superseded asks to be admitted as if it never was. */
  JOINS_AGAIN,
  /** An agent gives up what it never saw as soon as it is told of it (rule 6). */
  VACATES_THE_UNSEEN,
  /** A new leader waits anew for every host (rule 3). */
  WAITS_ANEW,
  /** A host that came up again or a copy of its data on another machine is admitted at once. */
  ADMITS_ANY_BOOT,
  /** An agent gives up grants of the runs alone that it launched itself (rule 6). */
  SPEAKS_FOR_ITS_OWN_RUNS,
  /** What an agent says of one grant counts for whichever is current (rule 1). */
  VACATES_WHATEVER_IS_HELD,
  /** A leader grants to whoever was ready once, answered lately or not (rule 9). */
  GRANTS_WITHOUT_A_LEASE,
  /** A leader goes on to renew the lease of a host that does not hear it (rule 9). */
  ANSWERS_THE_DEAF,
  /** A leader waits for ever for the chosen one to act (rule 9). */
  WAITS_FOR_EVER,
  /** A leader takes what is to be stopped for stopped (rule 3). */
  STOPS_WITHOUT_WAITING,
  /** What cannot have its checkpoint starts without (rule 10). */
  STARTS_WITHOUT_BYTES,
  /** An agent starts what is to wait for another process. */
  STARTS_OUT_OF_TURN,
  /** An agent leaves alone what does not answer its probe. */
  FORGIVES_THE_HUNG,
  /** An agent forgets the runs that an earlier one left. */
  FORGETS_RUNS,
  /** A member says that it has an entry before that is on disk. */
  ACKNOWLEDGES_UNSYNCED,
  /** One copy of a checkpoint's bytes is taken for enough (rule 7). */
  ONE_COPY_IS_ENOUGH,
  /** A save counts for whichever epoch its agent believes to be current (rule 7). */
  SAVES_UNDER_ANY_EPOCH,
  /** A process looks at its monotonic clock only (rule 5). */
  CHECKS_ONE_CLOCK,
  /** A save that is submitted again is told to be of an epoch that is over (rule 7). */
  TAKES_A_RETRY_FOR_OLD,
  /** A member removes all bytes but those that its own copy of the ledger names (rule 10). */
  REMOVES_THE_UNREFERENCED,
  /** A member takes the writer's agent's word that an epoch is current. */
  CHECKS_WRITES_AT_THE_WRITER,
  /** A run acts before the fence of its epoch is raised. */
  RAISES_NO_FENCE,
  /** A process' first write goes to its map before the ledger knows that it writes (rule 11). */
  WRITES_BEFORE_THE_LEDGER_KNOWS,
  /** That a later epoch of a process writes is taken for word of an earlier one (rule 11). */
  TAKES_ANOTHER_EPOCHS_WORD,
  /** The ledger takes the word that a process writes in an epoch that is over (rule 11). */
  TAKES_A_LATE_WORD,
  /** The ledger forgets that a process wrote when that is deleted (rule 11). */
  FORGETS_DELETED_WRITERS,
  /** Epochs are counted anew when a process is declared anew (rule 1). */
  COUNTS_EPOCHS_ANEW,
  /** A save is acknowledged before the ledger has it. */
  ACKNOWLEDGES_EARLY
}
