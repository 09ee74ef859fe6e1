package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.Event;
import io.nsm.supervisor.api.PromotionTimeline;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * Events as text, a line each.
 *
 * @param zone whose clock times are told by
 */
record EventsView(List<Event> events, ZoneId zone) implements OutputOptions.View {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

  @Override
  public String table(boolean wide, boolean colour) {
    StringBuilder text = new StringBuilder();
    events.forEach(event -> text.append(line(event, wide)).append('\n'));
    return text.toString();
  }

  @Override
  public List<String> names() {
    return events.stream().map(event -> Long.toString(event.index())).toList();
  }

  private String line(Event event, boolean wide) {
    String about =
        event
            .instance()
            .map(Object::toString)
            .or(() -> event.process().map(Object::toString))
            .or(() -> event.host().map(Object::toString))
            .orElse("-");
    String text =
        event.promotion().map(promotion -> promotion(event, promotion)).orElseGet(event::text);
    return "%s  %s%-13s  %-16s  %s%s"
        .formatted(
            TIME.format(event.at().atZone(zone)),
            wide ? "%-6d  ".formatted(event.index()) : "",
            event.kind(),
            about,
            text,
            wide ? event.reason().map(reason -> " [" + reason + "]").orElse("") : "");
  }

  private static String promotion(Event event, PromotionTimeline promotion) {
    return "active%s, epoch %s, after %s%s: noticed %s, decided %s, active %s"
        .formatted(
            event.host().map(host -> " on " + host).orElse(""),
            promotion.epoch(),
            promotion.cause(),
            promotion.from().map(from -> " of " + from).orElse(""),
            Spans.millis(promotion.noticed()),
            Spans.millis(promotion.decided()),
            Spans.millis(promotion.active()));
  }
}
