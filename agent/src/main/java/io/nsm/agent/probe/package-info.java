/** Looks from outside how runs do: by http, tcp, or a program. */
@NullMarked
package io.nsm.agent.probe;

import org.jspecify.annotations.NullMarked;
