package io.nsm.agent.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What the threads of a JVM do. Asked as {@code jstack} asks, by HotSpot's attach protocol, but
 * without starting a JVM for it: a file {@code .attach_pid} and SIGQUIT have the JVM open a socket
 * that answers commands (src/hotspot/os/posix/attachListener_posix.cpp).
 */
final class ThreadDump {
  /** How long a JVM is waited for that may not answer at all. */
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private static final int MOST_BYTES = 4 << 20;
  private static final long LOOK_AGAIN_MILLIS = 5;
  private static final String COMMAND = "1\0threaddump\0-l\0\0\0";

  private ThreadDump() {}

  /**
   * @throws IOException with the reason if the JVM does not answer in time
   */
  static String of(Pid program) throws IOException {
    long end = System.nanoTime() + LONGEST.toNanos();
    Path socket = Path.of("/tmp/.java_pid" + program.number());
    if (!Files.exists(socket)) {
      open(program, socket, end);
    }
    return ask(socket, end);
  }

  private static void open(Pid program, Path socket, long end) throws IOException {
    Path wish = Path.of("/proc/" + program.number() + "/cwd/.attach_pid" + program.number());
    Optional<Path> made = make(wish);
    if (made.isEmpty()) {
      made = make(Path.of("/tmp/.attach_pid" + program.number()));
    }
    if (made.isEmpty()) {
      throw new IOException("neither its directory nor /tmp can be written to");
    }
    try {
      Signals.send(program, "QUIT");
      while (!Files.exists(socket)) {
        if (!program.lives() || System.nanoTime() - end > 0) {
          throw new IOException("it does not answer");
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the agent ends", e);
    } finally {
      Files.deleteIfExists(made.get());
    }
  }

  private static Optional<Path> make(Path file) {
    try {
      return Optional.of(Files.createFile(file));
    } catch (IOException notHere) {
      return Optional.empty();
    }
  }

  private static String ask(Path socket, long end) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.write(ByteBuffer.wrap(COMMAND.getBytes(UTF_8)));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      ByteBuffer part = ByteBuffer.allocate(1 << 16);
      while (text.size() < MOST_BYTES) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0 || selector.select(left) == 0) {
          throw new IOException("it does not answer");
        }
        selector.selectedKeys().clear();
        if (channel.read(part.clear()) < 0) {
          break;
        }
        text.write(part.array(), 0, part.position());
      }
      return withoutCode(text.toString(UTF_8));
    }
  }

  /** In front of the answer is a line with 0, or with a number that says what went wrong. */
  private static String withoutCode(String answer) throws IOException {
    int line = answer.indexOf('\n');
    if (line < 0 || !answer.substring(0, line).equals("0")) {
      throw new IOException("it answers '" + answer.lines().findFirst().orElse("") + "'");
    }
    return answer.substring(line + 1);
  }
}
