package io.nsm.agent.launch;

import static io.nsm.agent.launch.Specs.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.model.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which groups are made and what is written into them, in directories that stand for the kernel.
 */
class ControlGroupsTest {
  private static final Resources LIMITED =
      new Resources(
          Optional.of(64L << 20),
          Optional.of(1.5),
          Optional.of(50),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  private final Path root;

  ControlGroupsTest(@TempDir Path root) {
    this.root = root;
  }

  @Test
  void in_version_2_the_agent_moves_aside_and_passes_its_controllers_on() throws IOException {
    Path own = version2("cpu io memory", "");

    ControlGroups groups = open("auto", "0::/unit\n");

    assertThat(groups.lacking()).isEmpty();
    Path ours = groups.places().get(0);
    assertThat(groups.places()).hasSize(1);
    assertThat(ours.getParent()).isEqualTo(own);
    assertThat(ours.resolve("agent/cgroup.procs"))
        .hasContent(Long.toString(ProcessHandle.current().pid()));
    assertThat(own.resolve("cgroup.subtree_control")).hasContent("+memory +cpu");
    assertThat(ours.resolve("cgroup.subtree_control")).hasContent("+memory +cpu");
  }

  @Test
  void limits_are_written_in_the_words_of_version_2() throws IOException {
    version2("memory", "memory cpu");
    ControlGroups groups = open("auto", "0::/unit\n");
    Path ours = groups.places().get(0);

    RunGroups made = groups.create(run(7), LIMITED);

    assertThat(made.directories()).containsExactly(ours.resolve("i1-7"));
    assertThat(ours.resolve("i1-7/memory.max")).hasContent(Long.toString(64L << 20));
    assertThat(RunGroups.parse(made.text())).isEqualTo(made);
  }

  @Test
  void beside_an_agent_that_systemd_put_into_a_group_named_agent() throws IOException {
    version2("memory", "memory");
    Path own = Files.createDirectories(root.resolve("cg/unit/agent"));

    ControlGroups groups = open("auto", "0::/unit/agent\n");

    assertThat(groups.places().get(0).getParent()).isEqualTo(own.getParent());
    assertThat(groups.places().get(0).resolve("agent")).doesNotExist();
  }

  @Test
  void limits_are_written_in_the_words_of_version_1() throws IOException {
    for (String controller : List.of("memory", "cpu", "freezer")) {
      Files.createDirectories(root.resolve(controller + "/unit"));
    }
    Files.writeString(
        root.resolve("mountinfo"),
        ("1 1 0:1 / %1$s/memory rw - cgroup cgroup rw,memory\n"
                + "2 1 0:2 / %1$s/cpu rw - cgroup cgroup rw,cpu\n"
                + "3 1 0:3 / %1$s/freezer rw - cgroup cgroup rw,freezer\n")
            .formatted(root));
    ControlGroups groups = open("auto", "3:memory:/unit\n2:cpu:/unit\n1:freezer:/unit\n");

    RunGroups made = groups.create(run(7), LIMITED);

    assertThat(groups.lacking()).isEmpty();
    assertThat(made.directories())
        .extracting(path -> root.relativize(path).getName(0).toString())
        .containsExactly("freezer", "memory", "cpu");
    Path memory = made.directories().get(1);
    Path cpu = made.directories().get(2);
    assertThat(memory.resolve("memory.limit_in_bytes")).hasContent(Long.toString(64L << 20));
    assertThat(cpu.resolve("cpu.cfs_quota_us")).hasContent("150000");
    assertThat(cpu.resolve("cpu.shares")).hasContent("512");
  }

  @Test
  void a_run_without_limits_is_kept_together_and_no_more() throws IOException {
    version2("memory cpu", "memory cpu");
    ControlGroups groups = open("auto", "0::/unit\n");

    RunGroups made = groups.create(run(1), Resources.NONE);

    try (var files = Files.list(made.directories().get(0))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void counts_what_the_kernel_killed() throws IOException {
    Path group = Files.createDirectories(root.resolve("group"));
    RunGroups groups = new RunGroups(List.of(group));
    assertThat(groups.outOfMemoryKills()).isZero();

    Files.writeString(
        group.resolve("memory.events"), "low 0\noom 3\noom_kill 2\noom_group_kill 0\n");

    assertThat(groups.outOfMemoryKills()).isEqualTo(2);
  }

  @Test
  void says_what_the_host_does_not_permit() throws IOException {
    assertThat(open("none", "0::/unit\n").lacking().get(0)).startsWith("agent.yaml says");

    Files.writeString(root.resolve("mountinfo"), "");
    assertThat(open("auto", "0::/unit\n").lacking())
        .containsExactly(
            "no control groups are mounted: memory and cpu limits are not enforced, and what leaves"
                + " the session of its run is not found");

    version2("", "");
    assertThat(open("auto", "0::/unit\n").lacking())
        .containsExactly(
            "memory limits are not enforced: the agent has no such controller",
            "cpu limits are not enforced: the agent has no such controller");
  }

  @Test
  void says_why_no_group_can_be_made() throws IOException {
    version2("memory cpu", "memory cpu");
    Files.writeString(root.resolve("cg/file"), "in the way");

    ControlGroups groups = open("/file", "0::/unit\n");

    assertThat(groups.places()).isEmpty();
    assertThat(groups.lacking())
        .anyMatch(it -> it.startsWith("no group can be used below " + root));
    assertThat(groups.create(run(1), LIMITED)).isEqualTo(RunGroups.NONE);
  }

  /** A group of version 2 with these controllers, some of which it passes on already. */
  private Path version2(String controllers, String passedOn) throws IOException {
    Path own = Files.createDirectories(root.resolve("cg/unit"));
    Files.writeString(
        root.resolve("mountinfo"), "1 1 0:1 / " + root + "/cg rw - cgroup2 cgroup2 rw\n");
    Files.writeString(own.resolve("cgroup.controllers"), controllers);
    Files.writeString(own.resolve("cgroup.subtree_control"), passedOn);
    Files.writeString(own.resolve("cgroup.type"), "domain");
    return own;
  }

  private ControlGroups open(String setting, String cgroup) throws IOException {
    return ControlGroups.open(
        root.resolve("run"),
        setting,
        Files.writeString(root.resolve("cgroup"), cgroup),
        root.resolve("mountinfo"));
  }
}
