package io.nsm.agent.launch;

import static io.nsm.agent.launch.Specs.WORKER;
import static io.nsm.agent.launch.Specs.run;
import static io.nsm.agent.launch.Specs.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nsm.supervisor.model.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that run as another user than the agent. */
class RunUserIT {
  private final Heard heard = new Heard();
  private final Path directory;
  private final OsLauncher launcher;

  RunUserIT(@TempDir Path parent) throws IOException {
    // As a run directory is, and on a way that others can pass.
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx--x--x"));
    this.directory = parent.resolve("run");
    this.launcher = new OsLauncher(Specs.settings(directory), heard, Clock.systemUTC());
  }

  @AfterEach
  void stop() throws IOException {
    launcher.close();
  }

  @Test
  void a_program_has_the_rights_of_its_user_and_none_of_the_agents() {
    assumePermitted();

    launcher.launch(
        WORKER,
        run(1),
        shell(
            "id -u; id -g; id -G; echo $USER $LOGNAME; grep CapEff /proc/self/status;"
                + " cat $0/order.json; ls $0; echo mine >$0/jvm/file; echo $?"
                    .replace("$0", RunUserIT.run1(directory)),
            as("nobody", Optional.empty())),
        Map.of());

    assertThat(heard.exit(run(1)).code()).isZero();
    assertThat(launcher.tail(run(1), 20))
        .startsWith("65534", "65534", "65534", "nobody nobody", "CapEff:\t0000000000000000", "0")
        .anyMatch(line -> line.contains("order.json") && line.contains("denied"))
        .anyMatch(line -> line.startsWith("ls: ") && line.contains("denied"));
  }

  @Test
  void a_group_can_stand_in_for_the_users_own_and_numbers_for_names() {
    assumePermitted();

    launcher.launch(
        WORKER, run(1), shell("id -u; id -g; id -G", as("54321", Optional.of("9"))), Map.of());

    assertThat(heard.exit(run(1)).code()).isZero();
    assertThat(launcher.tail(run(1), 20)).containsExactly("54321", "9", "9");
  }

  @Test
  void what_a_user_left_behind_goes_with_its_run() throws IOException {
    assumePermitted();
    for (int i = 1; i <= 6; i++) {
      launcher.launch(
          WORKER,
          run(i),
          shell(
              "echo x >$0/jvm/file".replace("$0/", files(i) + "/"), as("nobody", Optional.empty())),
          Map.of());
      assertThat(heard.exit(run(i)).code()).isZero();
      launcher.forget(run(i));
    }

    heard.until("pruning", () -> !Files.exists(files(1)));
    assertThat(files(2).resolve("jvm/file")).exists();
  }

  @Test
  void a_user_that_is_not_there_is_told_and_nothing_starts() {
    launcher.launch(
        WORKER, run(1), shell("exit 0", as("no-such-user", Optional.empty())), Map.of());
    launcher.launch(
        WORKER, run(2), shell("exit 0", as("root", Optional.of("no-such-group"))), Map.of());

    assertThat(heard.failure(run(1)))
        .isEqualTo("processes.worker.user: 'no-such-user' on host host1: no such user");
    assertThat(heard.failure(run(2)))
        .isEqualTo("processes.worker.group: 'no-such-group' on host host1: no such group");
  }

  @Test
  void the_agents_own_user_needs_nothing() {
    launcher.launch(
        WORKER,
        run(1),
        shell("exit 0", as(System.getProperty("user.name"), Optional.empty())),
        Map.of());

    assertThat(heard.exit(run(1)).code()).isZero();
    assertThat(files(1).resolve("jvm")).doesNotExist();
  }

  private static void assumePermitted() {
    Optional<String> lacking = RunUser.lacking();
    lacking.ifPresent(why -> System.out.println("not tried here: " + why));
    assumeTrue(lacking.isEmpty(), () -> lacking.orElse(""));
  }

  private Path files(int number) {
    return new RunDirectories(directory).files(WORKER, run(number)).directory();
  }

  private static String run1(Path directory) {
    return new RunDirectories(directory).files(WORKER, run(1)).directory().toString();
  }

  private static Resources as(String user, Optional<String> group) {
    return new Resources(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(user),
        group,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
