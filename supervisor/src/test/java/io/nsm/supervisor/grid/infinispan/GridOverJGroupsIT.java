package io.nsm.supervisor.grid.infinispan;

import static io.nsm.supervisor.grid.Grids.A;
import static io.nsm.supervisor.grid.Grids.ALL;
import static io.nsm.supervisor.grid.Grids.B;
import static io.nsm.supervisor.grid.Grids.C;
import static io.nsm.supervisor.grid.Grids.IMPORTER;
import static io.nsm.supervisor.grid.Grids.awaitHealth;
import static io.nsm.supervisor.grid.Grids.fencedPut;
import static io.nsm.supervisor.grid.Grids.get;
import static io.nsm.supervisor.grid.Grids.perform;
import static io.nsm.supervisor.grid.Grids.put;
import static io.nsm.supervisor.grid.Grids.read;
import static io.nsm.supervisor.grid.Grids.written;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.channel.Channel;
import io.nsm.supervisor.channel.jgroups.ChannelSettings;
import io.nsm.supervisor.channel.jgroups.FreePorts;
import io.nsm.supervisor.channel.jgroups.JGroupsChannel;
import io.nsm.supervisor.grid.Grid;
import io.nsm.supervisor.grid.MapResult;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Digest;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The grid as the agent has it: Infinispan's stores, and JGroups between three hosts. */
class GridOverJGroupsIT {
  private final Path temporary;
  private final Map<HostName, InetSocketAddress> addresses =
      Map.of(A, FreePorts.next(), B, FreePorts.next(), C, FreePorts.next());
  private final Map<HostName, Channel> channels = new HashMap<>();
  private final Map<HostName, Grid> grids = new HashMap<>();

  GridOverJGroupsIT(@TempDir Path temporary) {
    this.temporary = temporary;
  }

  @AfterEach
  void close() {
    List.copyOf(grids.keySet()).forEach(this::stop);
  }

  @Test
  void goes_on_over_the_loss_and_the_return_of_each_host_without_a_stale_read() throws Exception {
    for (HostName host : List.of(A, B, C)) {
      start(host);
    }
    ALL.forEach(host -> awaitHealth(on(host), "available"));
    int value = 0;
    for (HostName lost : List.of(A, B, C)) {
      for (int i = 0; i < 100; i++, value++) {
        HostName writer = List.of(A, B, C).get(i % 3);
        HostName reader = List.of(A, B, C).get((i + 1) % 3);
        written(on(writer), put("k", "v" + value));
        assertThat(read(on(reader), "k")).contains("v" + value);
      }
      assertThat(get(on(lost).raiseFence(IMPORTER, new Epoch(value)))).isEqualTo(Grid.Stored.DONE);
      stop(lost);
      HostName other = lost.equals(A) ? B : A;
      assertThat(read(on(other), "k")).contains("v" + (value - 1));
      assertThat(perform(on(other), fencedPut(value - 1, "stale")))
          .isEqualTo(new MapResult.Fenced(new Epoch(value)));
      start(lost);
      awaitHealth(on(lost), "available");
      assertThat(read(on(lost), "k")).contains("v" + (value - 1));
    }
  }

  @Test
  void carries_the_largest_checkpoint() throws Exception {
    for (HostName host : List.of(A, B, C)) {
      start(host);
    }
    byte[] bytes = new byte[8 << 20];
    CheckpointRef ref = new CheckpointRef(IMPORTER, new Epoch(1), 1, Digest.of(bytes), 8 << 20);
    assertThat(get(on(A).store(ref, bytes))).isEqualTo(Grid.Stored.DONE);
    stop(A);
    assertThat(get(on(C).find(ref))).isInstanceOf(Grid.Bytes.class);
  }

  private Grid on(HostName host) {
    return Optional.ofNullable(grids.get(host)).orElseThrow();
  }

  private void start(HostName host) throws Exception {
    InetSocketAddress bind = Optional.ofNullable(addresses.get(host)).orElseThrow();
    Channel channel = JGroupsChannel.open(new ChannelSettings("grid-it", host, bind, addresses));
    channels.put(host, channel);
    grids.put(
        host,
        InfinispanGrid.start(
            new GridConfig(ALL, temporary.resolve(host.name()), false), channel, failure -> {}));
  }

  private void stop(HostName host) {
    Optional.ofNullable(grids.remove(host)).ifPresent(Grid::close);
    Optional.ofNullable(channels.remove(host)).ifPresent(Channel::close);
  }
}
