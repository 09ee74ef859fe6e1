/** The JSON form of the vocabulary: on disk, between agents and over HTTP. */
@NullMarked
package io.nsm.supervisor.wire;

import org.jspecify.annotations.NullMarked;
