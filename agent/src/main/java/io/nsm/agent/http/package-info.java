/** The agent's HTTP JSON API: a thin shell over {@link io.nsm.agent.http.Operations}. */
@NullMarked
package io.nsm.agent.http;

import org.jspecify.annotations.NullMarked;
