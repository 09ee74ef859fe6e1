package io.nsm.agent.chaos.check;

import io.nsm.agent.chaos.check.TermEvent.Position;
import java.util.Optional;

/**
 * A save of a count.
 *
 * @param invoked in ns, before it was asked for
 * @param returned in ns, when its outcome was learnt; {@link KeyCall#NEVER} if it was not
 * @param acknowledged where the checkpoint stands, if it was acknowledged; else nothing is promised
 */
record Save(
    Run run,
    long epoch,
    long value,
    long invoked,
    long returned,
    Optional<Position> acknowledged) {}
