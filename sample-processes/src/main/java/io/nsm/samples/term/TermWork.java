package io.nsm.samples.term;

import io.nsm.process.Term;

/** The work of a process in whatever term it is given. */
@FunctionalInterface
public interface TermWork {

  /** The steps of a term; takes none of them yet. */
  Steps in(Term term) throws Exception;
}
