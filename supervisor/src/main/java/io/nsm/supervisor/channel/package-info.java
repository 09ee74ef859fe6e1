/** The port to the other agents: messages, questions and who is reachable. */
@NullMarked
package io.nsm.supervisor.channel;

import org.jspecify.annotations.NullMarked;
