/** Chaos on real agents: hosts in network namespaces, a seeded nemesis, and what it recorded. */
@NullMarked
package io.nsm.agent.chaos;

import org.jspecify.annotations.NullMarked;
