package io.nsm.supervisor.grid.infinispan;

import static io.nsm.supervisor.grid.Grids.A;
import static io.nsm.supervisor.grid.Grids.B;
import static io.nsm.supervisor.grid.Grids.C;
import static io.nsm.supervisor.grid.Grids.awaitHealth;
import static io.nsm.supervisor.grid.Grids.bytes;
import static io.nsm.supervisor.grid.Grids.get;
import static io.nsm.supervisor.grid.Grids.perform;
import static io.nsm.supervisor.grid.Grids.put;
import static io.nsm.supervisor.grid.Grids.read;
import static io.nsm.supervisor.grid.Grids.ref;
import static io.nsm.supervisor.grid.Grids.remove;
import static io.nsm.supervisor.grid.Grids.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.supervisor.channel.Channel;
import io.nsm.supervisor.grid.Grid;
import io.nsm.supervisor.grid.GridContract;
import io.nsm.supervisor.grid.Grids.Hosts;
import io.nsm.supervisor.grid.LoopbackNetwork;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.HostName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract with Infinispan's stores on a real disk. */
class InfinispanGridIT extends GridContract {
  private final Path temporary;
  private int clusters;

  InfinispanGridIT(@TempDir Path temporary) {
    this.temporary = temporary;
  }

  @Override
  protected Hosts start(Set<HostName> voters) {
    return new DiskHosts(voters, temporary.resolve("cluster" + ++clusters));
  }

  @Test
  void keeps_everything_acknowledged_when_the_power_is_cut() {
    DiskHosts hosts = (DiskHosts) hosts(A, B, C);
    CheckpointRef ref = ref(1, 1, "state");
    assertThat(get(hosts.on(A).store(ref, bytes("state")))).isEqualTo(Grid.Stored.DONE);
    for (int i = 0; i < 200; i++) {
      written(hosts.on(A), put("k" + i, "v" + i));
    }
    for (int i = 0; i < 200; i += 2) {
      perform(hosts.on(A), remove("k" + i));
    }
    hosts.goOnWithCopiesOfTheDisks();
    assertThat(get(hosts.on(C).find(ref))).isInstanceOf(Grid.Bytes.class);
    for (int i = 0; i < 200; i++) {
      assertThat(read(hosts.on(B), "k" + i))
          .isEqualTo(i % 2 == 0 ? Optional.empty() : Optional.of("v" + i));
    }
  }

  @Test
  void refuses_a_directory_that_another_agent_uses() {
    hosts(A);
    assertThatThrownBy(
            () -> InfinispanStore.open(temporary.resolve("cluster1").resolve("a"), failure -> {}))
        .hasMessageContaining("cannot be opened")
        .hasMessageContaining("another agent");
  }

  @Test
  void fills_a_new_disk_from_the_other_voters() {
    DiskHosts hosts = (DiskHosts) hosts(A, B, C);
    written(hosts.on(A), put("k", "1"));
    hosts.stop(C);
    hosts.remove(C);
    hosts.start(C);
    awaitHealth(hosts.on(C), "available");
    assertThat(read(hosts.on(C), "k")).contains("1");
    written(hosts.on(A), put("k", "2"));
    hosts.stop(A);
    assertThat(read(hosts.on(C), "k")).contains("2");
  }

  static final class DiskHosts implements Hosts {
    private final LoopbackNetwork network = new LoopbackNetwork();
    private final Set<HostName> voters;
    private Path directory;
    private final Map<HostName, Channel> channels = new ConcurrentHashMap<>();
    private final Map<HostName, Grid> grids = new ConcurrentHashMap<>();

    DiskHosts(Set<HostName> voters, Path directory) {
      this.voters = voters;
      this.directory = directory;
      voters.forEach(this::start);
    }

    @Override
    public Grid on(HostName host) {
      return Optional.ofNullable(grids.get(host)).orElseThrow();
    }

    @Override
    public void start(HostName host) {
      Channel channel = network.open(host);
      channels.put(host, channel);
      grids.put(
          host,
          InfinispanGrid.start(
              new GridConfig(voters, directory.resolve(host.name()), false),
              channel,
              failure -> {}));
    }

    @Override
    public void stop(HostName host) {
      Optional.ofNullable(channels.remove(host)).ifPresent(Channel::close);
      Optional.ofNullable(grids.remove(host)).ifPresent(Grid::close);
    }

    void goOnWithCopiesOfTheDisks() {
      Path copy = directory.resolveSibling(directory.getFileName() + "-copy");
      copy(directory, copy);
      List<HostName> all = List.copyOf(grids.keySet());
      all.forEach(this::stop);
      directory = copy;
      all.forEach(this::start);
    }

    void remove(HostName host) {
      each(directory.resolve(host.name()))
          .sorted(Comparator.reverseOrder())
          .forEach(DiskHosts::delete);
    }

    /** Keeps a copy of a host's disk under a name. */
    void copy(HostName host, String name) {
      copy(directory.resolve(host.name()), directory.resolveSibling(name));
    }

    /** Makes a kept copy the disk of a host that has none. */
    void putBack(HostName host, String name) {
      copy(directory.resolveSibling(name), directory.resolve(host.name()));
    }

    private static void copy(Path from, Path to) {
      each(from)
          .forEach(
              path -> {
                try {
                  Files.copy(path, to.resolve(from.relativize(path).toString()));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }

    private static void delete(Path path) {
      try {
        Files.delete(path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static Stream<Path> each(Path directory) {
      try (Stream<Path> paths = Files.walk(directory)) {
        return paths.toList().stream();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      Set.copyOf(grids.keySet()).forEach(this::stop);
      network.close();
    }
  }
}
