package io.nsm.supervisor.grid.quorum;

import static io.nsm.supervisor.grid.Grids.A;
import static io.nsm.supervisor.grid.Grids.B;
import static io.nsm.supervisor.grid.Grids.C;
import static io.nsm.supervisor.grid.Grids.bytes;
import static io.nsm.supervisor.grid.Grids.get;
import static io.nsm.supervisor.grid.Grids.ref;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.channel.Channel;
import io.nsm.supervisor.grid.Grid;
import io.nsm.supervisor.grid.GridContract;
import io.nsm.supervisor.grid.Grids.Hosts;
import io.nsm.supervisor.grid.LoopbackNetwork;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.HostName;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class QuorumGridTest extends GridContract {
  @Override
  protected Hosts start(Set<HostName> voters) {
    return new QuorumHosts(voters);
  }

  @Test
  void a_disk_that_hangs_does_not_keep_from_its_host_what_others_have() {
    QuorumHosts hosts = (QuorumHosts) hosts(A, B, C);
    CheckpointRef ref = ref(1, 1, "state");
    assertThat(get(hosts.on(A).store(ref, bytes("state")))).isEqualTo(Grid.Stored.DONE);
    CompletableFuture<Void> over = hosts.checkpoints(B).hang();
    try {
      assertThat(get(hosts.on(B).find(ref)))
          .isInstanceOfSatisfying(
              Grid.Bytes.class, found -> assertThat(found.bytes()).isEqualTo(bytes("state")));
    } finally {
      over.complete(null);
    }
  }

  @Test
  void a_disk_that_hangs_may_have_what_the_others_do_not() {
    QuorumHosts hosts = (QuorumHosts) hosts(A, B, C);
    CompletableFuture<Void> over = hosts.checkpoints(B).hang();
    try {
      assertThat(get(hosts.on(B).find(ref(1, 1, "state"))))
          .isInstanceOfSatisfying(
              Grid.Unreachable.class,
              unreachable -> assertThat(unreachable.silent()).containsExactly(B.name()));
    } finally {
      over.complete(null);
    }
  }

  /** Hosts in one JVM, with disks in memory. */
  static final class QuorumHosts implements Hosts {
    final LoopbackNetwork network = new LoopbackNetwork();
    private final Set<HostName> voters;
    private final Map<HostName, MemoryDisk> maps = new ConcurrentHashMap<>();
    private final Map<HostName, MemoryDisk> checkpoints = new ConcurrentHashMap<>();
    private final Set<HostName> seen = ConcurrentHashMap.newKeySet();
    private final Map<HostName, Channel> channels = new ConcurrentHashMap<>();
    private final Map<HostName, QuorumGrid> grids = new ConcurrentHashMap<>();

    QuorumHosts(Set<HostName> voters) {
      this(voters, voters);
    }

    /** With only some of the voters started. */
    QuorumHosts(Set<HostName> voters, Set<HostName> started) {
      this.voters = voters;
      started.forEach(this::start);
    }

    MemoryDisk maps(HostName host) {
      return maps.computeIfAbsent(host, key -> new MemoryDisk());
    }

    MemoryDisk checkpoints(HostName host) {
      return checkpoints.computeIfAbsent(host, key -> new MemoryDisk());
    }

    @Override
    public Grid on(HostName host) {
      return Optional.ofNullable(grids.get(host)).orElseThrow();
    }

    /** Of those that run. */
    Set<HostName> names() {
      return new TreeSet<>(grids.keySet());
    }

    Optional<Grid> running(HostName host) {
      return Optional.ofNullable(grids.get(host));
    }

    @Override
    public void start(HostName host) {
      Channel channel = network.open(host);
      channels.put(host, channel);
      Optional<QuorumGrid.Disks> disks =
          voters.contains(host)
              ? Optional.of(new QuorumGrid.Disks(checkpoints(host), maps(host), seen.add(host)))
              : Optional.empty();
      grids.put(host, new QuorumGrid(channel, voters, disks));
    }

    @Override
    public void stop(HostName host) {
      Optional.ofNullable(channels.remove(host)).ifPresent(Channel::close);
      Optional.ofNullable(grids.remove(host)).ifPresent(Grid::close);
    }

    @Override
    public void close() {
      Set.copyOf(grids.keySet()).forEach(this::stop);
      network.close();
    }
  }
}
