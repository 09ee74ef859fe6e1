/**
 * Pure: what an agent does with one instance. A total state machine: (instance, event, now) →
 * (instance, orders). What is wanted is kept apart from what is.
 */
@NullMarked
package io.nsm.agent.lifecycle;

import org.jspecify.annotations.NullMarked;
