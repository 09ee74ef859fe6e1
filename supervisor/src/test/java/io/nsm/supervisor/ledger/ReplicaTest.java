package io.nsm.supervisor.ledger;

import static io.nsm.supervisor.ledger.Entries.save;
import static io.nsm.supervisor.model.Given.again;
import static io.nsm.supervisor.model.Given.host;
import static io.nsm.supervisor.model.Given.id;
import static io.nsm.supervisor.model.Given.in;
import static io.nsm.supervisor.model.Given.instance;
import static io.nsm.supervisor.model.Given.notIn;
import static io.nsm.supervisor.model.Given.oneShot;
import static io.nsm.supervisor.model.Given.placed;
import static io.nsm.supervisor.model.Given.preferring;
import static io.nsm.supervisor.model.Given.replicated;
import static io.nsm.supervisor.model.Given.run;
import static io.nsm.supervisor.model.Given.standby;
import static io.nsm.supervisor.model.Given.witness;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReplicaTest {
  private static final ProcessName IMPORTER = new ProcessName("importer");
  private static final ProcessName REPORT = new ProcessName("report");
  private final List<Replica.Change> told = new ArrayList<>();
  private final Replica replica = new Replica(told::add);

  /** A course of entries in which every command takes effect at least once. */
  private static List<Command> everyCommand() {
    ProcessSpec importer =
        placed(
            preferring(standby("importer", 2), ProcessSpec.Failback.PREFERRED, "b", "a"),
            new ProcessSpec.Placement(
                List.of(in("zone", "x", "y"), notIn("name", "c")), true, List.of("zone")));
    return List.of(
        new Command.Configure("test", LeaseTerms.FAST),
        new Command.Join(host("a", Map.of("zone", "x")), Optional.empty(), Optional.empty(), 1),
        new Command.Join(witness("w"), Optional.empty(), Optional.empty(), 1),
        new Command.Join(
            again(host("a"), "a2", "boot2"),
            Optional.of(new Incarnation("a-a1")),
            Optional.empty(),
            1),
        new Command.Declare(
            "r1", 0, List.of(importer, replicated("server", 3), oneShot("report")), true, 77),
        new Command.SetWanted("r2", REPORT, true, 78),
        new Command.Restart("r3", IMPORTER, 79),
        new Command.Place(instance("importer/1"), Optional.empty(), Optional.of(id("a"))),
        grant("importer/1", Epoch.NONE, new Command.Evidence.Vacant()),
        new Command.Writes(IMPORTER, new Epoch(2)),
        save("importer", new Epoch(2), 1, "one"),
        save("importer", new Epoch(2), 2, "two"),
        new Command.HandOver("r4", IMPORTER, new Epoch(2), Optional.of(id("b")), "switchover"),
        grant("importer/1", new Epoch(2), new Command.Evidence.Expired(1)),
        new Command.Vacate(IMPORTER, new Epoch(3), run("a", 1), "EXIT_1", 1_234),
        grant("report/1", new Epoch(1), new Command.Evidence.Vacant()),
        new Command.Finish(REPORT, new Epoch(4), run("a", 1), true, "EXIT_0", 99),
        grant("importer/1", new Epoch(3), new Command.Evidence.Vacant()),
        new Command.Expire(IMPORTER, new Epoch(5), 1),
        grant("importer/1", new Epoch(5), new Command.Evidence.Vacant()),
        new Command.HandOver("r5", IMPORTER, new Epoch(6), Optional.empty(), "switchover"),
        new Command.Barrier(1, 8, List.of(id("a"), id("w"))),
        new Command.Note(Entries.event("it ended")));
  }

  @Test
  void reads_every_command_back_as_it_was_written() {
    List<Command> commands = everyCommand();

    for (int i = 0; i < commands.size(); i++) {
      byte[] answer = replica.apply(i + 1, 1, Replica.encode(commands.get(i)));
      Replica.Entry entry = (Replica.Entry) told.get(i);
      assertThat(entry.command()).usingRecursiveComparison().isEqualTo(commands.get(i));
      assertThat(entry.answer().effective()).as("%s: %s", commands.get(i), entry.answer()).isTrue();
      assertThat(Replica.answered(answer)).isEqualTo(new Replica.Answered(i + 1, entry.answer()));
      assertThat(entry.index()).isEqualTo(i + 1);
    }
    Set<Class<?>> kinds = commands.stream().map(Object::getClass).collect(Collectors.toSet());
    assertThat(kinds).containsExactlyInAnyOrder(Command.class.getPermittedSubclasses());
  }

  @Test
  void goes_on_from_a_snapshot_as_the_replica_it_was_taken_from() {
    applyAll();
    List<Replica.Change> heard = new ArrayList<>();
    Replica other = new Replica(heard::add);

    other.restore(22, replica.snapshot());

    assertThat(heard).hasSize(1);
    assertThat(heard.get(0)).isInstanceOf(Replica.Replaced.class);
    assertThat(heard.get(0).index()).isEqualTo(22);
    assertThat(heard.get(0).state())
        .usingRecursiveComparison()
        .isEqualTo(told.get(told.size() - 1).state());
    byte[] next = Replica.encode(new Command.Restart("r6", IMPORTER, 80));
    assertThat(other.apply(23, 1, next)).isEqualTo(replica.apply(23, 1, next));
    assertThat(other.snapshot()).isEqualTo(replica.snapshot());
  }

  @Test
  void writes_the_same_snapshot_on_every_replica() {
    applyAll();
    Replica other = new Replica(change -> {});
    List<Command> commands = everyCommand();
    for (int i = 0; i < commands.size(); i++) {
      other.apply(i + 1, 1, Replica.encode(commands.get(i)));
    }

    assertThat(other.snapshot()).isEqualTo(replica.snapshot());
  }

  @Test
  void tells_every_kind_of_answer() {
    List<Answer> answers =
        List.of(
            new Answer.Done(7),
            new Answer.Granted(new Epoch(3)),
            new Answer.Refused("why"),
            new Answer.Fenced(new Epoch(4)),
            new Answer.Superseded());

    for (Answer answer : answers) {
      Replica.Answered answered = new Replica.Answered(9, answer);
      assertThat(Replica.answered(Json.bytes(answered))).isEqualTo(answered);
    }
    assertThat(answers.stream().<Class<?>>map(Object::getClass))
        .containsExactlyInAnyOrder(Answer.class.getPermittedSubclasses());
  }

  @Test
  void refuses_entries_and_snapshots_of_a_newer_form_and_says_what_to_do() {
    byte[] entry = newer(Replica.encode(new Command.Barrier(1, 1, List.of())));
    byte[] snapshot = newer(replica.snapshot());

    assertThatThrownBy(() -> replica.apply(5, 1, entry))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("entry 5")
        .hasMessageContaining("upgrade this agent");
    assertThatThrownBy(() -> replica.restore(5, snapshot))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("upgrade this agent");
    assertThat(told).isEmpty();
  }

  @Test
  void ends_loudly_on_a_command_that_it_does_not_know() {
    byte[] unknown = text("{\"format\":1,\"command\":{\"kind\":\"teleport\",\"to\":\"mars\"}}");

    assertThatThrownBy(() -> replica.apply(5, 1, unknown))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("teleport");
    assertThatThrownBy(() -> replica.apply(6, 1, text("not json")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(told).isEmpty();
  }

  private void applyAll() {
    List<Command> commands = everyCommand();
    for (int i = 0; i < commands.size(); i++) {
      replica.apply(i + 1, 1, Replica.encode(commands.get(i)));
    }
  }

  private static Command grant(String instance, Epoch replaces, Command.Evidence evidence) {
    return new Command.Grant(
        instance(instance).process(), replaces, evidence, instance(instance), id("a"), run("a", 1));
  }

  private static byte[] newer(byte[] form) {
    return text(
        new String(form, StandardCharsets.UTF_8).replaceFirst("\"format\":1", "\"format\":2"));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
