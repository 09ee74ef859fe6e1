package io.nsm.agent.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the kernel says that control groups are. */
class HierarchyTest {
  private final Path directory;

  HierarchyTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void version_2_is_one_tree() throws IOException {
    assertThat(
            trees(
                "0::/system.slice/nsm-agent.service\n",
                "25 30 0:23 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"))
        .containsExactly(
            new Hierarchy(
                true,
                List.of(),
                Path.of("/sys/fs/cgroup"),
                Path.of("/sys/fs/cgroup/system.slice/nsm-agent.service")));
  }

  @Test
  void version_1_is_a_tree_for_each_controller_and_some_are_mounted_together() throws IOException {
    assertThat(
            trees(
                "4:cpu,cpuacct:/a\n3:memory:/\n2:net_cls:/gone\n1:name=systemd:/a\n",
                """
                31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
                32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
                35 31 0:32 / /sys/fs/cgroup/memory rw shared:7 - cgroup cgroup rw,memory
                40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd
                """))
        .containsExactly(
            new Hierarchy(
                false,
                List.of("cpu", "cpuacct"),
                Path.of("/sys/fs/cgroup/cpu,cpuacct"),
                Path.of("/sys/fs/cgroup/cpu,cpuacct/a")),
            new Hierarchy(
                false,
                List.of("memory"),
                Path.of("/sys/fs/cgroup/memory"),
                Path.of("/sys/fs/cgroup/memory")),
            new Hierarchy(
                false,
                List.of("name=systemd"),
                Path.of("/sys/fs/cgroup/systemd"),
                Path.of("/sys/fs/cgroup/systemd/a")));
  }

  @Test
  void a_mount_may_begin_in_the_middle_as_in_containers() throws IOException {
    assertThat(
            trees(
                "0::/docker/abc/inner\n",
                "25 30 0:23 /docker/abc /sys/fs/my\\040groups rw - cgroup2 cgroup2 rw\n"))
        .extracting(Hierarchy::own)
        .containsExactly(Path.of("/sys/fs/my groups/inner"));
  }

  @Test
  void a_group_outside_of_what_is_mounted_counts_from_the_mount() throws IOException {
    assertThat(trees("0::/../other\n", "25 30 0:23 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"))
        .extracting(Hierarchy::own)
        .containsExactly(Path.of("/sys/fs/cgroup"));
  }

  private List<Hierarchy> trees(String cgroup, String mounts) throws IOException {
    return Hierarchy.of(
        Files.writeString(directory.resolve("cgroup"), cgroup),
        Files.writeString(directory.resolve("mountinfo"), mounts),
        Optional.empty());
  }
}
