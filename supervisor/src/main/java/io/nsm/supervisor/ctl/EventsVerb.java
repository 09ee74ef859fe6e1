package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.Event;
import io.nsm.supervisor.api.EventPage;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "events",
    description = {
      "Show what happened, the newest last.",
      "Each promotion is shown with its cause, and how long after it was noticed, decided, and the"
          + " next one active."
    })
final class EventsVerb extends Verb {
  /** How long an agent is asked to hold the answer when there is nothing new. */
  private static final Duration FOLLOW = Duration.ofSeconds(20);

  private static final int MAX_EVENTS = 1000;

  @Mixin private final AgentOptions agent;
  @Mixin private final OutputOptions output;
  @Mixin private final Watch watch = new Watch();

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "Only of this process.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "COUNT",
      description = "The last so many; at most 1000. Default: 100.")
  private int count = 100;

  @Option(names = "--from", paramLabel = "INDEX", description = "From this event on instead.")
  private Optional<Long> from = Optional.empty();

  EventsVerb(Surroundings surroundings) {
    super(surroundings);
    agent = new AgentOptions(surroundings);
    output = new OutputOptions(surroundings);
  }

  @Override
  ExitCode run() {
    if (count < 1 || count > MAX_EVENTS) {
      throw new Failure(ExitCode.USAGE, "-n " + count + ": not from 1 to " + MAX_EVENTS);
    }
    AgentClient client = agent.client();
    EventPage page = page(client, from, Duration.ZERO);
    if (!watch.wanted()) {
      List<Event> events = chosen(page);
      output.print(events, view(events));
      return ExitCode.OK;
    }
    while (true) {
      if (page.missed()) {
        surroundings.err().println("nsmctl: some events before these are gone already");
      }
      chosen(page).forEach(event -> output.printOneOfMany(event, view(List.of(event))));
      Duration left = watch.left(FOLLOW);
      if (left.isZero()) {
        return ExitCode.OK;
      }
      page = page(client, Optional.of(page.next()), left);
    }
  }

  private EventPage page(AgentClient client, Optional<Long> from, Duration follow) {
    // Whole seconds, rounded up: none at all would have us ask without a pause.
    long seconds = follow.plusMillis(999).toSeconds();
    String query =
        "?limit=" + count + "&follow=" + seconds + from.map(index -> "&from=" + index).orElse("");
    return client.get("/v1/events" + query, EventPage.class);
  }

  private List<Event> chosen(EventPage page) {
    return page.events().stream()
        .filter(
            event ->
                name.isEmpty()
                    || event
                        .process()
                        .filter(process -> process.name().equals(name.get()))
                        .isPresent())
        .toList();
  }

  private static EventsView view(List<Event> events) {
    return new EventsView(events, ZoneId.systemDefault());
  }
}
