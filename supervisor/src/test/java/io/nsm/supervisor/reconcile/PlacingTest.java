package io.nsm.supervisor.reconcile;

import static io.nsm.supervisor.model.Given.APART;
import static io.nsm.supervisor.model.Given.host;
import static io.nsm.supervisor.model.Given.id;
import static io.nsm.supervisor.model.Given.in;
import static io.nsm.supervisor.model.Given.instance;
import static io.nsm.supervisor.model.Given.notIn;
import static io.nsm.supervisor.model.Given.placed;
import static io.nsm.supervisor.model.Given.preferring;
import static io.nsm.supervisor.model.Given.replicated;
import static io.nsm.supervisor.model.Given.run;
import static io.nsm.supervisor.model.Given.standby;
import static io.nsm.supervisor.model.Given.witness;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.Entries;
import io.nsm.supervisor.model.ProcessSpec.Failback;
import io.nsm.supervisor.model.ProcessSpec.Placement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlacingTest {
  private final Watched all = new Watched().here("a").here("b").here("c");

  @Test
  void spreads_instances_over_the_hosts_that_have_fewest() {
    Entries entries = Entries.of(host("a"), host("b"), host("c"));
    entries.declare(replicated("server", 3));

    assertThat(all.decide(entries.state()))
        .containsExactly(place("server/1", "a"), place("server/2", "b"), place("server/3", "c"));
  }

  @Test
  void decides_the_same_however_often_it_is_asked_and_nothing_once_it_is_done() {
    Entries entries = Entries.of(host("a"), host("b"), host("c"));
    entries.declare(replicated("server", 2));
    List<Command> decided = all.decide(entries.state());

    assertThat(all.decide(entries.state())).isEqualTo(decided);
    decided.forEach(entries::apply);
    assertThat(all.decide(entries.state())).isEmpty();
  }

  @Test
  void counts_the_instances_of_other_processes_too() {
    Entries entries = Entries.of(host("a"), host("b"));
    entries.declare(replicated("server", 1), replicated("web", 1));
    entries.place("server/1", id("a"));

    assertThat(new Watched().here("a").here("b").decide(entries.state()))
        .containsExactly(place("web/1", "b"));
  }

  @Test
  void takes_only_hosts_whose_labels_and_name_fit() {
    Entries entries =
        Entries.of(
            host("a", Map.of("zone", "x")),
            host("b", Map.of("zone", "y")),
            host("c", Map.of("zone", "y")));
    entries.declare(
        placed(
            replicated("server", 1),
            new Placement(List.of(in("zone", "y", "z"), notIn("name", "b")), false, List.of())));

    assertThat(all.decide(entries.state())).containsExactly(place("server/1", "c"));
  }

  @Test
  void takes_a_label_that_a_host_lacks_for_empty() {
    Entries entries = Entries.of(host("a"));
    Placement fast = new Placement(List.of(in("disk", "fast")), false, List.of());
    Placement notSlow = new Placement(List.of(notIn("disk", "slow")), false, List.of());
    entries.declare(placed(replicated("one", 1), fast), placed(replicated("two", 1), notSlow));

    assertThat(all.decide(entries.state())).containsExactly(place("two/1", "a"));
  }

  @Test
  void spreads_over_the_values_of_a_label_before_it_spreads_over_hosts() {
    Entries entries =
        Entries.of(
            host("a", Map.of("zone", "x")),
            host("b", Map.of("zone", "x")),
            host("c", Map.of("zone", "y")));
    entries.declare(
        placed(replicated("server", 3), new Placement(List.of(), false, List.of("zone"))));

    assertThat(all.decide(entries.state()))
        .containsExactly(place("server/1", "a"), place("server/2", "c"), place("server/3", "b"));
  }

  @Test
  void keeps_instances_apart_and_leaves_over_what_has_no_host() {
    Entries entries = Entries.of(host("a"), host("b"));
    entries.declare(placed(replicated("server", 3), APART));

    assertThat(all.decide(entries.state()))
        .containsExactly(place("server/1", "a"), place("server/2", "b"));
  }

  @Test
  void puts_several_on_one_host_where_that_is_allowed() {
    Entries entries = Entries.of(host("a"));
    entries.declare(replicated("server", 2));

    assertThat(all.decide(entries.state()))
        .containsExactly(place("server/1", "a"), place("server/2", "a"));
  }

  @Test
  void prefers_the_hosts_that_are_preferred_for_acting() {
    Entries entries = Entries.of(host("a"), host("b"), host("c"));
    entries.declare(placed(preferring(standby("importer", 2), Failback.NEVER, "c", "b"), APART));

    assertThat(all.decide(entries.state()))
        .containsExactly(place("importer/1", "c"), place("importer/2", "b"));
  }

  @Test
  void never_places_on_a_witness() {
    Entries entries = Entries.of(witness("a"), host("b"));
    entries.declare(placed(replicated("server", 2), APART));

    assertThat(all.decide(entries.state())).containsExactly(place("server/1", "b"));
  }

  @Test
  void places_only_where_a_renewal_was_answered_not_long_ago() {
    Entries entries = Entries.of(host("a"), host("b"));
    entries.declare(replicated("server", 1));

    assertThat(new Watched().silent("a").here("b").decide(entries.state()))
        .containsExactly(place("server/1", "b"));
    assertThat(new Watched().silent("a").silent("b").decide(entries.state())).isEmpty();
  }

  @Test
  void moves_an_instance_only_when_its_host_is_gone() {
    Entries entries = Entries.of(host("a"), host("b"));
    entries.declare(replicated("server", 1));
    entries.place("server/1", id("a"));

    assertThat(new Watched().silent("a").here("b").decide(entries.state())).isEmpty();
    assertThat(new Watched().gone("a").here("b").decide(entries.state()))
        .containsExactly(
            new Command.Place(instance("server/1"), Optional.of(id("a")), Optional.of(id("b"))));
  }

  @Test
  void leaves_an_instance_on_a_host_that_is_gone_while_there_is_no_other() {
    Entries entries = Entries.of(host("a"), host("b"));
    entries.declare(placed(replicated("server", 2), APART));
    entries.place("server/1", id("a"));
    entries.place("server/2", id("b"));

    assertThat(new Watched().gone("a").here("b").decide(entries.state())).isEmpty();
  }

  @Test
  void moves_an_instance_from_a_host_that_is_not_allowed_any_more() {
    Entries entries = Entries.of(host("a"), host("b"));
    entries.declare(replicated("server", 1));
    entries.place("server/1", id("a"));
    entries.declare(
        placed(
            replicated("server", 1), new Placement(List.of(notIn("name", "a")), false, List.of())));

    assertThat(all.decide(entries.state()))
        .containsExactly(
            new Command.Place(instance("server/1"), Optional.of(id("a")), Optional.of(id("b"))));
  }

  @Test
  void never_moves_the_holder_of_a_grant() {
    Entries entries = Entries.of(host("a"), host("b"));
    entries.declare(standby("importer", 1));
    entries.place("importer/1", id("a"));
    entries.grant("importer/1", id("a"), run("a", 1));

    List<Command> decided = new Watched().gone("a").here("b").decide(entries.state());

    assertThat(decided).noneMatch(Command.Place.class::isInstance);
  }

  @Test
  void takes_surplus_instances_away_also_from_what_is_stopped() {
    Entries entries = Entries.of(host("a"), host("b"));
    entries.declare(replicated("server", 3));
    entries.place("server/1", id("a"));
    entries.place("server/2", id("b"));
    entries.place("server/3", id("a"));
    entries.want("server", false);
    entries.declare(replicated("server", 1));

    assertThat(all.decide(entries.state()))
        .containsExactly(
            new Command.Place(instance("server/2"), Optional.of(id("b")), Optional.empty()),
            new Command.Place(instance("server/3"), Optional.of(id("a")), Optional.empty()));
  }

  @Test
  void does_not_place_what_is_not_wanted_to_run() {
    Entries entries = Entries.of(host("a"));
    entries.declare(replicated("server", 1));
    entries.want("server", false);

    assertThat(all.decide(entries.state())).isEmpty();
  }

  private static Command place(String instance, String to) {
    return new Command.Place(instance(instance), Optional.empty(), Optional.of(id(to)));
  }
}
