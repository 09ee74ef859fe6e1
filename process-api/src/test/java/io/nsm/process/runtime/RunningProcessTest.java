package io.nsm.process.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.process.Checkpoint;
import io.nsm.process.MapUnavailableException;
import io.nsm.process.ProcessContext;
import io.nsm.process.SharedMap;
import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import io.nsm.process.link.HostTime;
import io.nsm.process.link.OnLeaseLost;
import io.nsm.process.link.RunEnvironment;
import io.nsm.process.link.ToAgent.Activated;
import io.nsm.process.link.ToAgent.Completed;
import io.nsm.process.link.ToAgent.Deactivated;
import io.nsm.process.link.ToAgent.Failed;
import io.nsm.process.link.ToAgent.Hello;
import io.nsm.process.link.ToAgent.MapCall;
import io.nsm.process.link.ToAgent.Operation;
import io.nsm.process.link.ToAgent.Ready;
import io.nsm.process.link.ToAgent.Save;
import io.nsm.process.link.ToProcess.Activate;
import io.nsm.process.link.ToProcess.Deactivate;
import io.nsm.process.link.ToProcess.Extend;
import io.nsm.process.link.ToProcess.MapAnswered;
import io.nsm.process.link.ToProcess.MapEntry;
import io.nsm.process.link.ToProcess.MapStatus;
import io.nsm.process.link.ToProcess.Refused;
import io.nsm.process.link.ToProcess.SaveAnswered;
import io.nsm.process.link.ToProcess.SaveResult;
import io.nsm.process.link.ToProcess.Saved;
import io.nsm.process.link.ToProcess.Stop;
import io.nsm.process.link.ToProcess.Welcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningProcessTest {
  private final Path directory;
  private final MovedClock clock = new MovedClock();
  private final RecordedProcess process = new RecordedProcess();
  private final CompletableFuture<Integer> halted = new CompletableFuture<>();
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();
  private Optional<RunningProcess> running = Optional.empty();

  RunningProcessTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void says_who_it_is_and_that_it_is_ready() throws Exception {
    try (FakeAgent agent = started(OnLeaseLost.HALT)) {
      ProcessContext context = process.context.get(10, TimeUnit.SECONDS);

      assertThat(context.process() + "/" + context.instance()).isEqualTo("importer/2");
      assertThat(context.args()).containsExactly("--rate", "5");
      assertThat(context.ports()).containsEntry("admin", 9101);
      agent.hearsHeartbeat();
    }
  }

  @Test
  void acts_from_the_newest_checkpoint_and_saves_after_it() throws Exception {
    try (FakeAgent agent = started(OnLeaseLost.HALT)) {
      agent.says(new Activate(7, clock.in(1000), Optional.of(new Saved(5, 40, bytes("rows=100")))));
      assertThat(agent.hears(Activated.class).epoch()).isEqualTo(7);
      Term term = process.term();
      assertThat(term.lastCheckpoint()).contains(new Checkpoint(5, 40, bytes("rows=100")));

      FutureTask<Checkpoint> saving = inThread(() -> term.save(bytes("rows=200")));
      Save save = agent.hears(Save.class);
      assertThat(save).usingRecursiveComparison().isEqualTo(saveOf(save, 7, 41, "rows=200"));
      agent.says(new SaveAnswered(save.correlation(), SaveResult.SAVED));

      assertThat(saving.get(10, TimeUnit.SECONDS))
          .isEqualTo(new Checkpoint(7, 41, bytes("rows=200")));
    }
  }

  @Test
  void asks_again_for_an_unanswered_save_and_says_where_it_stands_after_the_link_broke()
      throws Exception {
    try (FakeAgent agent = activated(OnLeaseLost.HALT, 7)) {
      Term term = process.term();
      FutureTask<Checkpoint> saving = inThread(() -> term.save(bytes("rows=200")));
      Save first = agent.hears(Save.class);

      agent.breakLink();
      assertThat(term.isActive()).isTrue();
      assertThat(agent.hears(Hello.class).epoch()).isEqualTo(7);
      agent.says(new Welcome());
      agent.hears(Ready.class);
      assertThat(agent.hears(Activated.class).epoch()).isEqualTo(7);
      Save second = agent.hears(Save.class);
      assertThat(second).usingRecursiveComparison().isEqualTo(first);
      agent.says(new SaveAnswered(second.correlation(), SaveResult.SAVED));

      assertThat(saving.get(10, TimeUnit.SECONDS).sequence()).isEqualTo(1);
    }
  }

  @Test
  void goes_on_trying_when_it_is_refused() throws Exception {
    try (FakeAgent agent = activated(OnLeaseLost.HALT, 7)) {
      agent.breakLink();
      agent.hears(Hello.class);
      agent.says(new Refused("the adoption is not finished"));

      agent.breakLink();
      agent.hears(Hello.class);
      assertThat(process.term().isActive()).isTrue();
    }
  }

  @Test
  void halts_when_the_lease_ends() throws Exception {
    try (FakeAgent agent = activated(OnLeaseLost.HALT, 7)) {
      Term term = process.term();
      agent.says(new Extend(7, clock.in(2000)));
      awaitRemaining(term, 2000);
      clock.pass(1500);
      assertThat(term.isActive()).isTrue();

      clock.pass(500);

      assertThat(term.isActive()).isFalse();
      assertThat(halted.get(10, TimeUnit.SECONDS)).isEqualTo(NsmRuntime.EXIT_LEASE_LOST);
    }
  }

  @Test
  void halts_when_the_host_was_suspended_beyond_the_lease() throws Exception {
    try (FakeAgent agent = activated(OnLeaseLost.HALT, 7)) {
      Term term = process.term();

      clock.suspended(1000);

      assertThat(term.isActive()).isFalse();
      assertThat(halted.get(10, TimeUnit.SECONDS)).isEqualTo(NsmRuntime.EXIT_LEASE_LOST);
      agent.hearsHeartbeat();
    }
  }

  @Test
  void is_demoted_when_the_lease_ends_and_never_acts_in_that_epoch_again() throws Exception {
    try (FakeAgent agent = activated(OnLeaseLost.DEMOTE, 7)) {
      Term term = process.term();
      clock.pass(1000);

      assertThat(agent.hears(Deactivated.class).epoch()).isEqualTo(7);
      assertThat(process.nextCall()).isEqualTo("deactivate");
      agent.says(new Extend(7, clock.in(5000)));
      assertThat(agent.hears(Deactivated.class).epoch()).isEqualTo(7);
      agent.says(new Activate(7, clock.in(5000), Optional.empty()));
      assertThat(agent.hears(Deactivated.class).epoch()).isEqualTo(7);
      assertThat(term.isActive()).isFalse();
      assertThatThrownBy(() -> term.save(bytes("late"))).isInstanceOf(TermEndedException.class);

      agent.says(new Activate(8, clock.in(5000), Optional.empty()));
      assertThat(agent.hears(Activated.class).epoch()).isEqualTo(8);
      assertThat(process.term().isActive()).isTrue();
      assertThat(halted).isNotDone();
    }
  }

  @Test
  void a_save_under_way_ends_with_the_lease() throws Exception {
    try (FakeAgent agent = activated(OnLeaseLost.DEMOTE, 7)) {
      Term term = process.term();
      FutureTask<Checkpoint> saving = inThread(() -> term.save(bytes("rows=200")));
      agent.hears(Save.class);

      clock.pass(1000);

      assertThatThrownBy(() -> saving.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(TermEndedException.class);
    }
  }

  @Test
  void an_activation_that_waited_beyond_its_deadline_is_not_entered() throws Exception {
    try (FakeAgent agent = started(OnLeaseLost.HALT)) {
      HostTime passed = clock.in(0);
      agent.says(new Activate(7, passed, Optional.empty()));

      assertThat(agent.hears(Deactivated.class).epoch()).isEqualTo(7);
      agent.says(new Stop());
      assertThat(process.nextCall()).isEqualTo("start");
      assertThat(process.nextCall()).isEqualTo("stop");
    }
  }

  @Test
  void an_epoch_told_off_before_it_came_is_not_entered() throws Exception {
    try (FakeAgent agent = started(OnLeaseLost.HALT)) {
      agent.says(new Deactivate(7));
      assertThat(agent.hears(Deactivated.class).epoch()).isEqualTo(7);
      agent.says(new Activate(7, clock.in(1000), Optional.empty()));

      assertThat(agent.hears(Deactivated.class).epoch()).isEqualTo(7);
    }
  }

  @Test
  void a_last_save_is_possible_while_it_is_deactivated_but_acting_is_not() throws Exception {
    CompletableFuture<Boolean> mayAct = new CompletableFuture<>();
    RecordedProcess saving =
        new RecordedProcess() {
          @Override
          public void deactivate() throws Exception {
            Term term = term();
            mayAct.complete(term.isActive());
            term.save(bytes("last"));
          }
        };
    try (FakeAgent agent = started(saving, OnLeaseLost.HALT)) {
      agent.says(new Activate(7, clock.in(1000), Optional.empty()));
      agent.hears(Activated.class);
      agent.says(new Deactivate(7));

      Save save = agent.hears(Save.class);
      assertThat(save.state()).isEqualTo(bytes("last"));
      agent.says(new SaveAnswered(save.correlation(), SaveResult.SAVED));
      assertThat(agent.hears(Deactivated.class).epoch()).isEqualTo(7);
      assertThat(mayAct.get(10, TimeUnit.SECONDS)).isFalse();
    }
  }

  @Test
  void is_deactivated_when_a_save_shows_a_newer_epoch() throws Exception {
    try (FakeAgent agent = activated(OnLeaseLost.HALT, 7)) {
      Term term = process.term();
      FutureTask<Checkpoint> saving = inThread(() -> term.save(bytes("stale")));
      Save save = agent.hears(Save.class);
      agent.says(new SaveAnswered(save.correlation(), SaveResult.TERM_ENDED));

      assertThatThrownBy(() -> saving.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(TermEndedException.class);
      assertThatThrownBy(term::ensureActive).isInstanceOf(TermEndedException.class);
      assertThat(agent.hears(Deactivated.class).epoch()).isEqualTo(7);
    }
  }

  @Test
  void leaves_one_epoch_before_it_enters_the_next() throws Exception {
    try (FakeAgent agent = activated(OnLeaseLost.HALT, 7)) {
      agent.says(new Activate(9, clock.in(1000), Optional.empty()));

      assertThat(agent.hears(Deactivated.class).epoch()).isEqualTo(7);
      assertThat(agent.hears(Activated.class).epoch()).isEqualTo(9);
      assertThat(process.nextCall()).isEqualTo("deactivate");
      assertThat(process.nextCall()).isEqualTo("activate 9");
    }
  }

  @Test
  void refuses_a_checkpoint_over_the_limit() throws Exception {
    try (FakeAgent agent = activated(OnLeaseLost.HALT, 7)) {
      Term term = process.term();

      assertThatIllegalArgumentException()
          .isThrownBy(() -> term.save(new byte[term.maxCheckpointSize() + 1]))
          .withMessageContaining("8388609 bytes");
      agent.hearsHeartbeat();
    }
  }

  @Test
  void uses_shared_maps() throws Exception {
    try (FakeAgent agent = activated(OnLeaseLost.HALT, 7)) {
      SharedMap map = process.context.get(10, TimeUnit.SECONDS).map("flights");
      Term term = process.term();

      FutureTask<Long> put = inThread(() -> map.put("a", bytes("1"), term));
      MapCall call = agent.hears(MapCall.class);
      assertThat(call.operation()).isEqualTo(Operation.PUT);
      assertThat(call.fence()).isEqualTo(OptionalLong.of(7));
      agent.says(answer(call, MapStatus.WRITTEN, 12));
      assertThat(put.get(10, TimeUnit.SECONDS)).isEqualTo(12);

      FutureTask<Optional<SharedMap.Entry>> get = inThread(() -> map.get("a"));
      call = agent.hears(MapCall.class);
      agent.says(
          new MapAnswered(
              call.correlation(),
              MapStatus.ENTRIES,
              0,
              List.of(new MapEntry("a", bytes("1"), 12)),
              ""));
      assertThat(get.get(10, TimeUnit.SECONDS).orElseThrow().version()).isEqualTo(12);

      FutureTask<Boolean> removed = inThread(() -> map.remove("b"));
      agent.says(answer(agent.hears(MapCall.class), MapStatus.REFUSED, 0));
      assertThat(removed.get(10, TimeUnit.SECONDS)).isFalse();

      FutureTask<Boolean> stale = inThread(() -> map.replace("a", 3, bytes("2"), term));
      agent.says(answer(agent.hears(MapCall.class), MapStatus.FENCED, 8));
      assertThatThrownBy(() -> stale.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(TermEndedException.class)
          .hasMessageContaining("epoch 8 exists");
    }
  }

  @Test
  void does_not_repeat_an_operation_whose_answer_was_lost() throws Exception {
    try (FakeAgent agent = started(OnLeaseLost.HALT)) {
      SharedMap map = process.context.get(10, TimeUnit.SECONDS).map("flights");
      FutureTask<Long> put = inThread(() -> map.put("a", bytes("1")));
      agent.hears(MapCall.class);
      agent.breakLink();

      assertThatThrownBy(() -> put.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(MapUnavailableException.class)
          .hasMessageContaining("PUT flights/a: the link to the agent broke");
    }
  }

  @Test
  void an_operation_waits_for_the_link() throws Exception {
    try (FakeAgent agent = started(OnLeaseLost.HALT)) {
      SharedMap map = process.context.get(10, TimeUnit.SECONDS).map("flights");
      agent.breakLink();
      agent.hears(Hello.class);
      FutureTask<Long> put = inThread(() -> map.put("a", bytes("1")));
      agent.says(new Welcome());
      agent.hears(Ready.class);

      agent.says(answer(agent.hears(MapCall.class), MapStatus.WRITTEN, 3));

      assertThat(put.get(10, TimeUnit.SECONDS)).isEqualTo(3);
    }
  }

  @Test
  void ends_in_order_when_told_to() throws Exception {
    try (FakeAgent agent = activated(OnLeaseLost.HALT, 7)) {
      agent.says(new Stop());

      assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo(NsmRuntime.EXIT_OK);
      assertThat(process.nextCall()).isEqualTo("deactivate");
      assertThat(process.nextCall()).isEqualTo("stop");
    }
  }

  @Test
  void says_that_its_work_is_complete() throws Exception {
    try (FakeAgent agent = started(OnLeaseLost.HALT)) {
      process.context.get(10, TimeUnit.SECONDS).complete();

      agent.hears(Completed.class);
      assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo(NsmRuntime.EXIT_OK);
    }
  }

  @Test
  void says_why_it_failed() throws Exception {
    try (FakeAgent agent = started(OnLeaseLost.HALT)) {
      process.context.get(10, TimeUnit.SECONDS).fail("the feed is gone");

      assertThat(agent.hears(Failed.class).reason()).isEqualTo("the feed is gone");
      assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo(NsmRuntime.EXIT_FAILED);
    }
  }

  @Test
  void an_exception_from_a_callback_ends_it() throws Exception {
    RecordedProcess failing =
        new RecordedProcess() {
          @Override
          public void activate(Term term) {
            throw new IllegalArgumentException("no such feed");
          }
        };
    try (FakeAgent agent = started(failing, OnLeaseLost.HALT)) {
      agent.says(new Activate(7, clock.in(1000), Optional.empty()));
      agent.hears(Activated.class);

      assertThat(agent.hears(Failed.class).reason()).contains("no such feed");
      assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo(NsmRuntime.EXIT_FAILED);
    }
  }

  @AfterEach
  void end() {
    running.ifPresent(RunningProcess::stop);
  }

  private FakeAgent started(OnLeaseLost onLeaseLost) throws Exception {
    return started(process, onLeaseLost);
  }

  /** A process that has connected, was welcomed and is ready. */
  private FakeAgent started(RecordedProcess started, OnLeaseLost onLeaseLost) throws Exception {
    Path socket = directory.resolve("s");
    RunEnvironment environment =
        new RunEnvironment(
            socket.toString(),
            "token",
            "inc-1",
            "importer",
            2,
            "host1",
            Map.of("admin", 9101),
            onLeaseLost);
    RunningProcess created =
        new RunningProcess(
            started, environment, List.of("--rate", "5"), clock, code -> halted.complete(code));
    running = Optional.of(created);
    Thread callbacks = new Thread(() -> ended.complete(created.run()), "callbacks");
    callbacks.setDaemon(true);
    callbacks.start();
    FakeAgent agent = FakeAgent.at(socket);
    Hello hello = agent.hears(Hello.class);
    assertThat(hello).isEqualTo(new Hello("token", "inc-1", ProcessHandle.current().pid(), 0));
    agent.says(new Welcome());
    agent.hears(Ready.class);
    return agent;
  }

  /** A process that acts in an epoch, for a second. */
  private FakeAgent activated(OnLeaseLost onLeaseLost, long epoch) throws Exception {
    FakeAgent agent = started(onLeaseLost);
    agent.says(new Activate(epoch, clock.in(1000), Optional.empty()));
    agent.hears(Activated.class);
    assertThat(process.nextCall()).isEqualTo("start");
    assertThat(process.nextCall()).isEqualTo("activate " + epoch);
    return agent;
  }

  private static void awaitRemaining(Term term, long millis) {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (term.remaining().toMillis() < millis && System.nanoTime() < limit) {
      Thread.onSpinWait();
    }
    assertThat(term.remaining().toMillis()).isGreaterThanOrEqualTo(millis);
  }

  private static <T> FutureTask<T> inThread(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "worker");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private static Save saveOf(Save heard, long epoch, long sequence, String state) {
    return new Save(heard.correlation(), epoch, sequence, bytes(state));
  }

  private static MapAnswered answer(MapCall call, MapStatus status, long number) {
    return new MapAnswered(call.correlation(), status, number, List.of(), "");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
