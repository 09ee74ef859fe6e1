package io.nsm.supervisor.grid.quorum;

import io.nsm.supervisor.channel.Channel;
import io.nsm.supervisor.model.HostName;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** The voters of the cluster, which of them are in view, and how to ask one, this host included. */
final class Voters {
  /** More would make a generation number ambiguous. */
  static final int MAX_VOTERS = 16;

  private final Channel channel;
  private final List<HostName> all;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Set<HostName> view;

  Voters(Channel channel, Set<HostName> voters) {
    if (voters.isEmpty() || voters.size() > MAX_VOTERS) {
      throw new IllegalArgumentException(
          "a grid has 1 to " + MAX_VOTERS + " voters, not " + voters.size());
    }
    this.channel = channel;
    this.all = voters.stream().sorted().toList();
    this.view = Set.of(channel.self());
    channel.onView(
        reachable -> {
          Set<HostName> next = new HashSet<>(reachable);
          next.add(channel.self());
          view = next;
          listeners.forEach(Runnable::run);
        });
  }

  /** Calls at once, and whenever somebody else is in view than before. */
  void follow(Runnable changed) {
    listeners.add(changed);
    changed.run();
  }

  HostName self() {
    return channel.self();
  }

  boolean selfVotes() {
    return all.contains(channel.self());
  }

  List<HostName> all() {
    return all;
  }

  /** Those in view, in the order of their names. */
  List<HostName> reachable() {
    Set<HostName> now = view;
    return all.stream().filter(now::contains).toList();
  }

  boolean sees(HostName host) {
    return view.contains(host);
  }

  int majority() {
    return all.size() / 2 + 1;
  }

  boolean majorityOf(Collection<HostName> hosts) {
    return all.stream().filter(hosts::contains).count() >= majority();
  }

  /** A generation that only this voter can propose, newer than the given one. */
  long generationAfter(long generation) {
    return (generation / MAX_VOTERS + 1) * MAX_VOTERS + all.indexOf(channel.self());
  }

  /** Who proposed a generation. */
  Optional<HostName> proposer(long generation) {
    int index = (int) (generation % MAX_VOTERS);
    return generation == 0 || index >= all.size() ? Optional.empty() : Optional.of(all.get(index));
  }

  /** Serves a question both to the other hosts and to this one. */
  void serve(String service, Channel.Handler handler) {
    channel.serve(service, handler);
  }

  CompletionStage<byte[]> ask(HostName to, String service, byte[] body, Duration timeout) {
    if (!view.contains(to)) {
      return CompletableFuture.failedFuture(
          new Channel.UnreachableException(to + " is not in view"));
    }
    return channel.ask(to, service, body, timeout);
  }

  void send(HostName to, String service, byte[] body) {
    channel.send(to, service, body);
  }
}
