package io.nsm.agent.chaos.check;

import java.util.List;

/**
 * Something that was promised not to be.
 *
 * @param from when it began, in ns of the recording's clock
 * @param to when it was seen to be wrong, in ns
 * @param subjects what else is worth seeing on a timeline around it
 */
record Violation(long from, long to, String what, List<Subject> subjects) {}
