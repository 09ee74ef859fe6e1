package io.nsm.process.runtime;

import io.nsm.process.link.FrameChannel;
import io.nsm.process.link.LinkLimits;
import io.nsm.process.link.ToAgent;
import io.nsm.process.link.ToAgent.Heartbeat;
import io.nsm.process.link.ToProcess;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The agent's end, played by a test: it says what the test says and hands over what it hears. */
final class FakeAgent implements AutoCloseable {
  private final Path socket;
  private final ServerSocketChannel server;
  private FrameChannel frames;
  private final Thread watchdog;

  private FakeAgent(Path socket, ServerSocketChannel server, FrameChannel frames) {
    this.socket = socket;
    this.server = server;
    this.frames = frames;
    this.watchdog = new Thread(this::closeInTheEnd, "fake-agent-limit");
    watchdog.setDaemon(true);
    watchdog.start();
  }

  /** Waits for a process to connect. */
  static FakeAgent at(Path socket) throws IOException {
    Files.deleteIfExists(socket);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    SocketChannel channel = server.accept();
    return new FakeAgent(socket, server, new FrameChannel(channel));
  }

  /** Breaks the connection, and waits for the process to connect again. */
  void breakLink() throws IOException {
    frames.close();
    frames = new FrameChannel(server.accept());
  }

  void says(ToProcess message) throws IOException {
    frames.write(message.frame());
  }

  /** The next message that is no heartbeat, which must be of this kind. */
  <T extends ToAgent> T hears(Class<T> kind) throws IOException {
    ToAgent message;
    do {
      message = ToAgent.read(frames.read(LinkLimits.MAX_FRAME));
    } while (message instanceof Heartbeat);
    if (!kind.isInstance(message)) {
      throw new AssertionError("expected " + kind.getSimpleName() + " but heard " + message);
    }
    return kind.cast(message);
  }

  void hearsHeartbeat() throws IOException {
    while (!(ToAgent.read(frames.read(LinkLimits.MAX_FRAME)) instanceof Heartbeat)) {
      // What else it says does not matter here.
    }
  }

  @Override
  public void close() throws IOException {
    watchdog.interrupt();
    frames.close();
    server.close();
    Files.deleteIfExists(socket);
  }

  /** Nothing here takes 20 s: a test that waits longer for a message fails by the end of it. */
  private void closeInTheEnd() {
    try {
      TimeUnit.SECONDS.sleep(20);
      close();
    } catch (InterruptedException | IOException inTime) {
      Thread.currentThread().interrupt();
    }
  }
}
