package io.nsm.supervisor.channel.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.supervisor.channel.Channel;
import io.nsm.supervisor.channel.ChannelContract;
import io.nsm.supervisor.model.HostName;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class JGroupsChannelIT extends ChannelContract {
  private final InetSocketAddress atA = FreePorts.next();
  private final InetSocketAddress atB = FreePorts.next();
  private final Map<HostName, InetSocketAddress> hosts = Map.of(A, atA, B, atB);
  private final List<Channel> open = new ArrayList<>();

  @Override
  protected JGroupsChannel join(HostName host) throws Exception {
    return join(new ChannelSettings("test", host, host.equals(A) ? atA : atB, hosts));
  }

  private JGroupsChannel join(ChannelSettings settings) throws Exception {
    JGroupsChannel channel = JGroupsChannel.open(settings);
    open.add(channel);
    return channel;
  }

  @AfterEach
  void end() {
    open.forEach(Channel::close);
  }

  @Test
  void a_host_of_another_cluster_does_not_join_and_both_are_told_why() throws Exception {
    JGroupsChannel a = join(A);
    JGroupsChannel b = join(new ChannelSettings("other", B, atB, hosts));

    await(() -> !a.foreignHosts().isEmpty() && !b.foreignHosts().isEmpty());

    assertThat(a.foreignHosts().get(0)).contains("'b'", "cluster 'other'", "'test'");
    assertThat(b.foreignHosts().get(0)).contains("'a'", "cluster 'test'", "'other'");
    awaitView(a, Set.of(A));
    awaitView(b, Set.of(B));
  }

  @Test
  void a_host_name_that_is_in_use_elsewhere_is_refused_with_its_address() throws Exception {
    join(A);
    InetSocketAddress elsewhere = FreePorts.next();

    assertThatThrownBy(() -> join(new ChannelSettings("test", A, elsewhere, withOther())))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("host name 'a' is in use")
        .hasMessageContaining("127.0.0.1:" + atA.getPort());
  }

  private Map<HostName, InetSocketAddress> withOther() {
    // The first is found by way of an entry of any name: here the one of b.
    return Map.of(A, FreePorts.next(), B, atA);
  }

  @Test
  void an_address_that_is_taken_is_named() throws Exception {
    join(A);

    assertThatThrownBy(() -> join(new ChannelSettings("test", B, atA, hosts)))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining(":" + atA.getPort())
        .hasMessageContaining("another agent");
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void a_host_comes_back_under_its_name_and_address() throws Exception {
    JGroupsChannel a = join(A);
    JGroupsChannel b = join(B);
    awaitView(a, Set.of(A, B));
    b.close();
    awaitView(a, Set.of(A));

    join(B);

    awaitView(a, Set.of(A, B));
  }

  @Test
  void a_large_body_arrives_whole() throws Exception {
    JGroupsChannel a = join(A);
    JGroupsChannel b = join(B);
    awaitView(a, Set.of(A, B));
    b.serve("echo", (from, body) -> CompletableFuture.completedStage(body));
    byte[] body = new byte[1 << 20];
    new Random(7).nextBytes(body);

    byte[] back =
        a.ask(B, "echo", body, Duration.ofSeconds(20))
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);

    assertThat(back).isEqualTo(body);
  }

  @Test
  void binding_to_every_address_is_refused() {
    InetSocketAddress any = new InetSocketAddress(1);

    assertThatThrownBy(() -> new ChannelSettings("test", A, any, hosts))
        .hasMessageContaining("every address");
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as("30 s are over").isNegative();
      LockSupport.parkNanos(1_000_000);
    }
  }
}
