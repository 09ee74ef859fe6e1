package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.Event;
import io.nsm.supervisor.api.EventPage;
import io.nsm.supervisor.api.InstanceState;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.ProcessStatus;
import io.nsm.supervisor.api.Wanted;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What happens around the output of a process that is followed. */
final class LogFollowing {
  private static final Set<String> SHOWN =
      Set.of(
          Event.Kinds.PROMOTED,
          Event.Kinds.DEMOTED,
          Event.Kinds.EXITED,
          Event.Kinds.FAILED,
          Event.Kinds.COMPLETED,
          Event.Kinds.OUTPUT_DROPPED);

  private final AgentClient client;
  private final Surroundings surroundings;
  private final String process;
  private final Set<String> silent = new HashSet<>();
  private Optional<ProcessStatus> status = Optional.empty();
  private Optional<Long> nextEvent = Optional.empty();

  LogFollowing(AgentClient client, Surroundings surroundings, String process) {
    this.client = client;
    this.surroundings = surroundings;
    this.process = process;
    answers("the agent", this::findNewestEvent);
  }

  /** The instances there are now; as last seen while no agent answers. */
  List<InstanceId> instances(Predicate<InstanceId> chosen) {
    answers("the agent", this::look);
    return status.map(ProcessStatus::instances).orElse(List.of()).stream()
        .map(InstanceStatus::id)
        .filter(chosen)
        .toList();
  }

  private boolean look() {
    status = Optional.of(ActionVerb.find(AgentOptions.status(client), process));
    return true;
  }

  /** Asks; what does not answer is told once, until it answers again. */
  boolean answers(String whom, Supplier<Boolean> question) {
    try {
      boolean answer = question.get();
      silent.remove(whom);
      return answer;
    } catch (Failure failure) {
      if (failure.code() == ExitCode.DENIED) {
        throw failure;
      }
      if (silent.add(whom)) {
        surroundings.err().println("nsmctl: " + whom + ": " + failure.getMessage() + "; goes on");
      }
      return false;
    }
  }

  private boolean findNewestEvent() {
    nextEvent = Optional.of(client.get("/v1/events?limit=1&follow=0", EventPage.class).next());
    return true;
  }

  /** Between the lines of output, where they stand is what was known then. */
  void showRoleChanges() {
    answers("events", nextEvent.isPresent() ? this::showNewEvents : this::findNewestEvent);
  }

  private boolean showNewEvents() {
    EventPage page =
        client.get(
            "/v1/events?limit=1000&follow=0&from=" + nextEvent.orElseThrow(), EventPage.class);
    nextEvent = Optional.of(page.next());
    List<Event> shown =
        page.events().stream()
            .filter(event -> SHOWN.contains(event.kind()))
            .filter(event -> event.process().filter(it -> it.name().equals(process)).isPresent())
            .toList();
    new EventsView(shown, ZoneId.systemDefault())
        .table(false, false)
        .lines()
        .forEach(line -> surroundings.out().println("--- " + line));
    surroundings.out().flush();
    return true;
  }

  /** Whether a one-shot process has ended, and all that it wrote was shown. */
  boolean over(List<InstanceId> instances, boolean anyNew) {
    return !anyNew && status.filter(it -> over(it, instances)).isPresent();
  }

  /** One that is to run and has no instance yet is not over: it is about to be placed. */
  static boolean over(ProcessStatus process, List<InstanceId> instances) {
    List<InstanceStatus> chosen =
        process.instances().stream().filter(it -> instances.contains(it.id())).toList();
    boolean begun = !chosen.isEmpty() || process.wanted() == Wanted.STOPPED;
    return process.mode() == Mode.ONE_SHOT
        && begun
        && chosen.stream().allMatch(LogFollowing::ended);
  }

  private static boolean ended(InstanceStatus instance) {
    return instance.state() == InstanceState.COMPLETED
        || instance.state() == InstanceState.FAILED
        || instance.state() == InstanceState.STOPPED;
  }
}
