package io.nsm.supervisor.channel.jgroups;

import io.nsm.supervisor.channel.Channel;
import io.nsm.supervisor.model.HostName;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Event;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Message.Flag;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.stack.IpAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The channel over one JGroups TCP stack. */
public final class JGroupsChannel implements Channel {
  private static final Logger LOG = LoggerFactory.getLogger(JGroupsChannel.class);

  /** How long an earlier life of this host may stay in the view before the start is given up. */
  private static final Duration EARLIER_LIFE = Duration.ofSeconds(15);

  private final ChannelSettings settings;
  private final ChannelThreads threads;
  private final Questions questions;
  private final InOrder views;
  private final ForeignHosts foreign;
  private final JChannel channel;
  private final Map<String, Handler> services = new ConcurrentHashMap<>();
  private final List<Consumer<Set<HostName>>> listeners = new CopyOnWriteArrayList<>();
  private volatile Map<HostName, Address> members = Map.of();

  private JGroupsChannel(ChannelSettings settings) throws Exception {
    this.settings = settings;
    this.threads = new ChannelThreads(settings.self());
    this.questions = new Questions(threads.timer(), threads.pool());
    this.views = new InOrder(threads.pool());
    this.foreign = new ForeignHosts(settings.self(), settings.cluster());
    this.channel = new JChannel(ControlStack.protocols(settings, new GuardedTcp(this::foreign)));
    channel.name(settings.self().name()).stats(false);
    channel.addAddressGenerator(() -> HostAddresses.generate(settings.self()));
    channel.setReceiver(
        new Receiver() {
          @Override
          public void receive(Message message) {
            received(message);
          }

          @Override
          public void viewAccepted(View view) {
            reachable(view);
          }
        });
  }

  /**
   * Joins the channel, or forms it when no other host is up.
   *
   * @throws ChannelException when the address cannot be used, or the name is taken by a live host
   */
  public static JGroupsChannel open(ChannelSettings settings) throws ChannelException {
    try {
      JGroupsChannel opened = new JGroupsChannel(settings);
      opened.connect();
      return opened;
    } catch (ChannelException e) {
      throw e;
    } catch (Exception e) {
      throw new ChannelException(
          "host '"
              + settings.self()
              + "' cannot listen on "
              + settings.bind()
              + " and the port "
              + ChannelSettings.SUSPICION_PORT_OFFSET
              + " above it: "
              + rootOf(e)
              + "; see whether another agent runs here, or choose another control address",
          e);
    }
  }

  private void connect() throws Exception {
    try {
      channel.connect(settings.cluster());
      checkAddress();
      checkName();
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  private void checkAddress() throws ChannelException {
    Optional<InetSocketAddress> bound = physical(channel.getAddress());
    if (!bound.equals(Optional.of(settings.bind()))) {
      throw new ChannelException(
          "host '" + settings.self() + "' is bound to " + bound + ", not to " + settings.bind());
    }
  }

  /** One name, one host: another life of this one must be gone, another host must not exist. */
  private void checkName() throws ChannelException, InterruptedException {
    long deadline = System.nanoTime() + EARLIER_LIFE.toNanos();
    while (true) {
      Optional<Address> other = namesake();
      if (other.isEmpty()) {
        return;
      }
      Optional<InetSocketAddress> where = physical(other.get());
      boolean earlierLife = where.isEmpty() || where.get().equals(settings.bind());
      if (!earlierLife || System.nanoTime() - deadline > 0) {
        throw new ChannelException(
            "host name '"
                + settings.self()
                + "' is in use by the agent at "
                + where.map(InetSocketAddress::toString).orElse("an unknown address")
                + " in cluster '"
                + settings.cluster()
                + "'; stop that one, or give this one its own name");
      }
      Thread.sleep(20);
    }
  }

  private Optional<Address> namesake() {
    return channel.getView().getMembers().stream()
        .filter(member -> !member.equals(channel.getAddress()))
        .filter(member -> HostAddresses.hostOf(member).equals(Optional.of(settings.self())))
        .findFirst();
  }

  private Optional<InetSocketAddress> physical(Address member) {
    Object found = channel.down(new Event(Event.GET_PHYSICAL_ADDRESS, member));
    return found instanceof IpAddress ip
        ? Optional.of(new InetSocketAddress(ip.getIpAddress(), ip.getPort()))
        : Optional.empty();
  }

  @Override
  public HostName self() {
    return settings.self();
  }

  /** The hosts that called with another cluster's name, as sentences; for people. */
  public List<String> foreignHosts() {
    return foreign.seen();
  }

  @Override
  public void send(HostName to, String service, byte[] body) {
    transmit(to, new Frame(Frame.Kind.SEND, 0, service, body));
  }

  @Override
  public CompletionStage<byte[]> ask(HostName to, String service, byte[] body, Duration timeout) {
    Questions.Put put = questions.put(to, service, timeout);
    boolean sent = transmit(to, new Frame(Frame.Kind.ASK, put.correlation(), service, body));
    // Looked at again after the question was put down: a host that left in between is not missed.
    if (!sent || !isReachable(to)) {
      questions.fail(put.correlation(), "host '" + to + "' is not reachable");
    }
    return put.answer();
  }

  @Override
  public void serve(String service, Handler handler) {
    if (services.putIfAbsent(service, handler) != null) {
      throw new IllegalStateException("service '" + service + "' is served already");
    }
  }

  @Override
  public void onView(Consumer<Set<HostName>> listener) {
    views.execute(
        () -> {
          listeners.add(listener);
          listener.accept(reachableHosts());
        });
  }

  private boolean isReachable(HostName host) {
    return host.equals(settings.self()) || members.containsKey(host);
  }

  private Set<HostName> reachableHosts() {
    return Set.copyOf(members.keySet());
  }

  /** Hands a frame to JGroups, which queues it; never blocks. */
  private boolean transmit(HostName to, Frame frame) {
    if (to.equals(settings.self())) {
      handle(to, frame);
      return true;
    }
    Address address = members.get(to);
    if (address == null) {
      return false;
    }
    try {
      channel.send(new BytesMessage(address, frame.encode()).setFlag(Flag.OOB, Flag.NO_FC));
      return true;
    } catch (Exception e) {
      LOG.debug("message to host '{}' was not sent", to, e);
      return false;
    }
  }

  private void received(Message message) {
    Optional<HostName> from = HostAddresses.hostOf(message.getSrc());
    Optional<Frame> frame =
        Frame.decode(message.getArray(), message.getOffset(), message.getLength());
    if (from.isPresent() && frame.isPresent()) {
      handle(from.get(), frame.get());
    } else {
      LOG.warn("a message from {} is not understood and was dropped", message.getSrc());
    }
  }

  private void handle(HostName from, Frame frame) {
    switch (frame.kind()) {
      case ANSWER -> questions.answer(from, frame.correlation(), frame.body());
      case REFUSAL -> questions.refuse(from, frame.correlation(), frame.body());
      case SEND, ASK -> {
        try {
          threads.handlers().execute(() -> answer(from, frame));
        } catch (RejectedExecutionException e) {
          refuse(from, frame, "overloaded: " + ChannelThreads.MAX_WAITING + " messages wait");
        }
      }
    }
  }

  private void answer(HostName from, Frame frame) {
    Handler handler = services.get(frame.service());
    if (handler == null) {
      refuse(from, frame, "service '" + frame.service() + "' is not served (yet)");
      return;
    }
    CompletionStage<byte[]> answer;
    try {
      answer = handler.handle(from, frame.body());
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedStage(e);
    }
    answer.whenComplete(
        (body, failure) -> {
          if (failure != null) {
            LOG.debug("service '{}' failed for host '{}'", frame.service(), from, failure);
            refuse(from, frame, "service '" + frame.service() + "' failed: " + rootOf(failure));
          } else if (frame.kind() == Frame.Kind.ASK) {
            transmit(from, new Frame(Frame.Kind.ANSWER, frame.correlation(), "", body));
          }
        });
  }

  private void refuse(HostName from, Frame frame, String reason) {
    if (frame.kind() == Frame.Kind.ASK) {
      transmit(from, Frame.refusal(frame.correlation(), reason));
    }
  }

  private void reachable(View view) {
    Map<HostName, Address> now = HostAddresses.members(view);
    now.keySet().retainAll(settings.hosts().keySet());
    members = Map.copyOf(now);
    questions.failAllBut(now.keySet(), "left before it answered");
    views.execute(
        () -> {
          Set<HostName> hosts = reachableHosts();
          LOG.info("reachable: {}", new TreeSet<>(hosts));
          listeners.forEach(listener -> listener.accept(hosts));
        });
  }

  private void foreign(String cluster, Address sender) {
    foreign.saw(cluster, HostAddresses.hostOf(sender), physical(sender));
  }

  private static String rootOf(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.toString();
  }

  @Override
  public void close() {
    channel.close();
    questions.failAllBut(Set.of(), "was asked as this host left");
    threads.close();
  }
}
