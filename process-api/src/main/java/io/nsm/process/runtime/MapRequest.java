package io.nsm.process.runtime;

import io.nsm.process.link.ToAgent.MapCall;
import io.nsm.process.link.ToAgent.Operation;
import java.util.OptionalLong;

/** An operation on a shared map before it has its number. */
record MapRequest(
    Operation operation, String map, String key, long version, byte[] value, OptionalLong fence) {

  MapCall numbered(long correlation) {
    return new MapCall(correlation, operation, map, key, version, value, fence);
  }

  MapRequest fencedBy(long epoch) {
    return new MapRequest(operation, map, key, version, value, OptionalLong.of(epoch));
  }
}
