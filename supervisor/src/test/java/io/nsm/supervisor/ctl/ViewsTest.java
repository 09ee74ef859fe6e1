package io.nsm.supervisor.ctl;

import static io.nsm.supervisor.ctl.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.api.Change;
import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.Event;
import io.nsm.supervisor.api.HostStatus.Presence;
import io.nsm.supervisor.api.HostStatus.Role;
import io.nsm.supervisor.api.InstanceState;
import io.nsm.supervisor.api.Problem;
import io.nsm.supervisor.api.PromotionTimeline;
import io.nsm.supervisor.api.Quorum;
import io.nsm.supervisor.api.Wanted;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Compares what is shown with files that hold it as it should be; {@code -Dnsm.golden.write=true}
 * writes them, to be looked at.
 */
final class ViewsTest {
  private static final Path FILES = Path.of("src/test/resources/io/nsm/supervisor/ctl");

  private static final ClusterStatus WELL =
      Samples.healthy(
          Samples.exporter(Samples.instance("exporter/1", "host2", 5, InstanceState.COMPLETED)),
          Samples.importer(
              Wanted.RUNNING,
              41,
              Samples.instance("importer/1", "host1", 1, InstanceState.ACTIVE),
              Samples.instance("importer/2", "host2", 2, InstanceState.STANDBY)));

  private static final ClusterStatus ILL =
      Samples.cluster(
          new Quorum(true, 3, 2),
          List.of(
              Samples.host("host1", Role.VOTER, Presence.UP),
              Samples.host("host2", Role.VOTER, Presence.SILENT),
              Samples.host("host3", Role.MEMBER, Presence.NEVER_SEEN)),
          Samples.importer(
              Wanted.RUNNING,
              41,
              Samples.instance("importer/1", "host1", 1, InstanceState.BACKOFF),
              Samples.instance("importer/2", "host2", 2, InstanceState.UNKNOWN)),
          Samples.unplaced());

  @Test
  void shows_a_healthy_cluster() throws IOException {
    assertShown("status.txt", new StatusView(WELL).table(false, false));
  }

  @Test
  void shows_a_healthy_cluster_with_all_columns() throws IOException {
    assertShown("status-wide.txt", new StatusView(WELL).table(true, false));
  }

  @Test
  void shows_what_is_not_well() throws IOException {
    assertShown("status-not-well.txt", new StatusView(ILL).table(false, false));
  }

  @Test
  void colours_do_not_move_columns() {
    String coloured = new StatusView(ILL).table(true, true);
    assertThat(coloured).contains("\033[");
    assertThat(coloured.replaceAll("\033\\[\\d*m", ""))
        .isEqualTo(new StatusView(ILL).table(true, false));
  }

  @Test
  void shows_a_plan() throws IOException {
    List<Change> changes =
        List.of(
            new Change(new ProcessName("a"), Change.Action.CREATE, List.of(), 1, List.of()),
            new Change(
                new ProcessName("importer"),
                Change.Action.IN_PLACE,
                List.of("restart.backoff.initial", "replicas"),
                4,
                List.of()),
            new Change(
                new ProcessName("server"),
                Change.Action.RESTART,
                List.of("command"),
                2,
                List.of(new Problem(Problem.CANNOT_BE_PLACED, "no host has zone=a"))),
            new Change(new ProcessName("z"), Change.Action.REMOVE, List.of(), 0, List.of()));

    assertShown("plan.txt", new PlanView(changes).table(false, false));
  }

  @Test
  void shows_events_with_the_timeline_of_a_promotion() throws IOException {
    InstanceId old = InstanceId.parse("importer/1");
    InstanceId next = InstanceId.parse("importer/2");
    List<Event> events =
        List.of(
            event(6, old, Event.Kinds.EXITED, "ended by SIGNAL_9", Optional.empty()),
            event(
                7,
                next,
                Event.Kinds.PROMOTED,
                "importer/2 is active",
                Optional.of(
                    new PromotionTimeline(
                        "SIGNAL_9",
                        new Epoch(42),
                        Optional.of(old),
                        next,
                        Duration.ofNanos(2_140_000),
                        Duration.ofNanos(5_800_000),
                        Duration.ofNanos(9_400_000)))));

    EventsView view = new EventsView(events, ZoneOffset.UTC);
    assertShown("events.txt", view.table(false, false));
    assertShown("events-wide.txt", view.table(true, false));
  }

  private static Event event(
      long index,
      InstanceId instance,
      String kind,
      String text,
      Optional<PromotionTimeline> promotion) {
    return new Event(
        index,
        NOW,
        Optional.of(instance.process()),
        Optional.of(instance),
        Optional.of(new HostName("host" + instance.number())),
        kind,
        Optional.of("SIGNAL_9"),
        text,
        promotion);
  }

  private static void assertShown(String name, String shown) throws IOException {
    Path file = FILES.resolve(name);
    if (Boolean.getBoolean("nsm.golden.write")) {
      Files.writeString(file, shown);
    }
    assertThat(shown).isEqualTo(Files.readString(file));
  }
}
