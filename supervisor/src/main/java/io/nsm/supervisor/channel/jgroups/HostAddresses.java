package io.nsm.supervisor.channel.jgroups;

import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.Names;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jgroups.Address;
import org.jgroups.View;
import org.jgroups.util.ExtendedUUID;

/** The host's name travels inside its JGroups address, so that a view says who is who. */
final class HostAddresses {
  private static final String KEY = "nsm";

  private HostAddresses() {}

  static ExtendedUUID generate(HostName host) {
    return ExtendedUUID.randomUUID(host.name())
        .put(KEY, host.name().getBytes(StandardCharsets.US_ASCII));
  }

  static Optional<HostName> hostOf(Address address) {
    if (!(address instanceof ExtendedUUID uuid)) {
      return Optional.empty();
    }
    return Optional.ofNullable(uuid.get(KEY))
        .map(bytes -> new String(bytes, StandardCharsets.US_ASCII))
        .filter(Names::valid)
        .map(HostName::new);
  }

  /** The members by name; of two lives of one host the one that joined later. */
  static Map<HostName, Address> members(View view) {
    Map<HostName, Address> members = new LinkedHashMap<>();
    for (Address address : view.getMembers()) {
      hostOf(address).ifPresent(host -> members.put(host, address));
    }
    return members;
  }
}
