package io.nsm.supervisor.ledger;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A state machine for tests: keeps every command in order, and answers {@code applied <command>}.
 */
public final class Journal implements StateMachine {
  private final List<String> commands = new ArrayList<>();
  private long lastIndex = -1;

  @Override
  public synchronized byte[] apply(long index, long term, byte[] command) {
    if (index <= lastIndex) {
      throw new IllegalStateException("entry " + index + " after entry " + lastIndex);
    }
    lastIndex = index;
    String text = new String(command, StandardCharsets.UTF_8);
    if (text.equals("throw")) {
      throw new IllegalStateException("a bug in the state machine");
    }
    commands.add(text);
    notifyAll();
    return bytes("applied " + text);
  }

  @Override
  public synchronized byte[] snapshot() {
    return bytes(String.join("\n", commands));
  }

  @Override
  public synchronized void restore(long index, byte[] snapshot) {
    commands.clear();
    if (snapshot.length > 0) {
      commands.addAll(List.of(new String(snapshot, StandardCharsets.UTF_8).split("\n")));
    }
    lastIndex = index;
    notifyAll();
  }

  public synchronized List<String> commands() {
    return List.copyOf(commands);
  }

  /** Waits until the commands are as wanted, and returns them; or as they are when time is over. */
  public synchronized List<String> await(Predicate<List<String>> wanted, Duration atMost)
      throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!wanted.test(commands)) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        break;
      }
      wait(left);
    }
    return commands();
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
