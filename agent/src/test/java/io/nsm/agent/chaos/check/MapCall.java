package io.nsm.agent.chaos.check;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A call on a shared map, whatever came of it.
 *
 * @param key the map and the key: {@code shared/k1}
 * @param text the call, its arguments and its outcome, for people
 * @param invoked in ns, before it was made
 * @param returned in ns, when its outcome was learnt; {@link KeyCall#NEVER} if it was not
 * @param effect what it came to, unless it certainly changed nothing and told nothing
 * @param fence the epoch that a fenced write carried
 * @param written the value of a write
 * @param acknowledged whether a write was said to be done
 */
record MapCall(
    String client,
    String host,
    String key,
    String text,
    long invoked,
    long returned,
    Optional<KeyCall> effect,
    OptionalLong fence,
    Optional<String> written,
    boolean acknowledged) {}
