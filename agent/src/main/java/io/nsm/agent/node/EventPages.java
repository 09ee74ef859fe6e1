package io.nsm.agent.node;

import io.nsm.supervisor.api.Event;
import io.nsm.supervisor.api.EventPage;
import io.nsm.supervisor.api.PromotionTimeline;
import io.nsm.supervisor.ledger.LedgerState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Pure: the events of a copy of the ledger, as they are told to people. */
final class EventPages {

  private EventPages() {}

  static long newest(LedgerState state, int limit) {
    long end = state.firstEvent() + state.events().size();
    return Math.max(state.firstEvent(), end - limit);
  }

  static EventPage of(LedgerState state, long from, int limit) {
    long first = Math.max(from, state.firstEvent());
    long end = state.firstEvent() + state.events().size();
    List<Event> events = new ArrayList<>();
    for (long i = first; i < end && events.size() < limit; i++) {
      events.add(event(i, state.events().get((int) (i - state.firstEvent()))));
    }
    return new EventPage(events, first + events.size(), from < state.firstEvent());
  }

  private static Event event(long index, io.nsm.supervisor.model.Event event) {
    return new Event(
        index,
        Instant.ofEpochMilli(event.atMillis()),
        event.process(),
        event.instance(),
        event.host(),
        event.kind().toUpperCase(Locale.ROOT),
        event.reason(),
        event.text(),
        event
            .timeline()
            .flatMap(
                t ->
                    event
                        .instance()
                        .map(
                            to ->
                                new PromotionTimeline(
                                    t.cause(),
                                    t.epoch(),
                                    Optional.empty(),
                                    to,
                                    millis(t.noticedMillis()),
                                    millis(t.noticedMillis() + t.decidedMillis()),
                                    millis(t.totalMillis())))));
  }

  private static Duration millis(double millis) {
    return Duration.ofNanos((long) (millis * 1e6));
  }
}
