package io.nsm.supervisor.grid.quorum;

import static io.nsm.supervisor.grid.Grids.A;
import static io.nsm.supervisor.grid.Grids.ALL;
import static io.nsm.supervisor.grid.Grids.B;
import static io.nsm.supervisor.grid.Grids.C;
import static io.nsm.supervisor.grid.Grids.IMPORTER;
import static io.nsm.supervisor.grid.Grids.awaitAvailable;
import static io.nsm.supervisor.grid.Grids.fencedPut;
import static io.nsm.supervisor.grid.Grids.get;
import static io.nsm.supervisor.grid.Grids.perform;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.grid.Grid;
import io.nsm.supervisor.grid.Grids;
import io.nsm.supervisor.grid.MapOperation;
import io.nsm.supervisor.grid.MapResult;
import io.nsm.supervisor.grid.quorum.QuorumGridTest.QuorumHosts;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients on three hosts read and write one key while the network is cut and hosts restart. */
class FaultsIT {
  private static final int FAULTS = 16;

  /** What a client learnt of the key: a version, between two moments. */
  private record Seen(long began, long ended, long version, String who) {}

  private final Queue<Seen> history = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicLong epoch = new AtomicLong(1);
  private final AtomicLong raised = new AtomicLong(1);
  private final AtomicBoolean over = new AtomicBoolean();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void never_reads_an_older_version_nor_a_fenced_write(long seed) throws Exception {
    try (QuorumHosts hosts = new QuorumHosts(ALL)) {
      awaitAvailable(hosts, ALL);
      List<Thread> clients =
          Stream.of(A, B, C)
              .flatMap(
                  host ->
                      Stream.of(
                          new Thread(() -> use(hosts, host, this::read)),
                          new Thread(() -> use(hosts, host, this::write))))
              .toList();
      clients.forEach(
          client -> client.setUncaughtExceptionHandler((thread, wrong) -> failures.add(wrong)));
      clients.forEach(Thread::start);
      trouble(hosts, new Random(seed));
      over.set(true);
      for (Thread client : clients) {
        client.join(TimeUnit.SECONDS.toMillis(20));
      }
      awaitAvailable(hosts, ALL);
      assertThat(Grids.read(hosts.on(A), "k")).isEqualTo(Grids.read(hosts.on(C), "k"));
    }
    assertThat(failures).as("seed %d", seed).isEmpty();
    List<Seen> all = List.copyOf(history);
    assertThat(all).as("seed %d", seed).hasSizeGreaterThan(100);
    checkOrder(seed, all);
  }

  /** Whatever ended before something else began had no newer version, and one value each. */
  private static void checkOrder(long seed, List<Seen> all) {
    List<Seen> byEnd = all.stream().sorted((a, b) -> Long.compare(a.ended(), b.ended())).toList();
    List<Seen> byBegin = all.stream().sorted((a, b) -> Long.compare(a.began(), b.began())).toList();
    long newest = 0;
    int next = 0;
    for (Seen later : byBegin) {
      while (byEnd.get(next).ended() < later.began()) {
        newest = Math.max(newest, byEnd.get(next++).version());
      }
      assertThat(later.version()).as("seed %d, %s", seed, later).isGreaterThanOrEqualTo(newest);
    }
  }

  private interface Client {
    void go(Grid grid, HostName host, Random random);
  }

  private void use(QuorumHosts hosts, HostName host, Client client) {
    Random random = new Random(host.hashCode());
    while (!over.get()) {
      hosts.running(host).ifPresent(grid -> client.go(grid, host, random));
      // Now and then long enough that others go on meanwhile.
      LockSupport.parkNanos(random.nextInt(20) == 0 ? 50_000_000 : 200_000);
    }
  }

  private void read(Grid grid, HostName host, Random random) {
    long began = System.nanoTime();
    MapResult result = perform(grid, new MapOperation.Get("m", "k"));
    long ended = System.nanoTime();
    if (result instanceof MapResult.Entries entries) {
      entries
          .entries()
          .forEach(entry -> history.add(new Seen(began, ended, entry.version(), host + " reads")));
    }
  }

  private void write(Grid grid, HostName host, Random random) {
    if (random.nextInt(50) == 0) {
      raise(grid);
      return;
    }
    long fenceBefore = raised.get();
    long mine = Math.max(1, epoch.get() - random.nextInt(2));
    long began = System.nanoTime();
    MapResult result = perform(grid, fencedPut(mine, mine + " of " + host));
    long ended = System.nanoTime();
    if (result instanceof MapResult.Written done) {
      assertThat(mine).as("acknowledged after the fence").isGreaterThanOrEqualTo(fenceBefore);
      history.add(new Seen(began, ended, done.version(), host + " writes"));
    }
  }

  private void raise(Grid grid) {
    long next = epoch.incrementAndGet();
    Grid.Stored stored = get(grid.raiseFence(IMPORTER, new Epoch(next)));
    if (stored == Grid.Stored.DONE) {
      raised.accumulateAndGet(next, Math::max);
    }
  }

  private static void trouble(QuorumHosts hosts, Random random) throws InterruptedException {
    List<HostName> all = List.of(A, B, C);
    for (int fault = 0; fault < FAULTS; fault++) {
      HostName one = all.get(random.nextInt(3));
      HostName other = all.get((all.indexOf(one) + 1 + random.nextInt(2)) % 3);
      List<HostName> rest = all.stream().filter(host -> !host.equals(one)).toList();
      switch (random.nextInt(7)) {
        case 0 -> hosts.network.cut(one, other);
        case 1 -> hosts.network.cutOneWay(one, other);
        case 2 -> {
          rest.forEach(host -> hosts.network.cut(one, host));
          pass(random.nextInt(300));
          hosts.network.notice();
        }
        case 3 -> {
          rest.forEach(host -> hosts.network.cut(one, host));
          hosts.network.noticeAllBut(one);
        }
        case 4 -> {
          rest.forEach(host -> hosts.network.cutOneWay(host, one));
          hosts.network.noticeAllBut(one);
        }
        case 5 -> hosts.network.suspect(one);
        default -> {
          hosts.stop(one);
          pass(random.nextInt(300));
          hosts.start(one);
        }
      }
      pass(random.nextInt(700));
      hosts.network.heal();
      pass(random.nextInt(300));
    }
  }

  private static void pass(int millis) throws InterruptedException {
    assertThat(new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)).isFalse();
  }
}
