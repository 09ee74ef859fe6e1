package io.nsm.supervisor.api;

import java.util.List;

/**
 * Some events, in order.
 *
 * @param next the index to ask from next time
 * @param missed whether events from the index asked for on are gone already
 */
public record EventPage(List<Event> events, long next, boolean missed) {
  public EventPage {
    events = List.copyOf(events);
  }
}
