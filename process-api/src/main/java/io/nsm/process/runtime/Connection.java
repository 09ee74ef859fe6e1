package io.nsm.process.runtime;

import io.nsm.process.link.FrameChannel;
import io.nsm.process.link.LinkLimits;
import io.nsm.process.link.ToAgent;
import io.nsm.process.link.ToAgent.Heartbeat;
import io.nsm.process.link.ToProcess;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One connection to the agent. Its own thread writes, and says once a second that the process
 * lives, so that no thread of the process ever waits for an agent that does not read.
 */
final class Connection implements Closeable {
  /** More than all calls and saves that may be unanswered, with what is said beside them. */
  private static final int MAX_WAITING = 2 * LinkLimits.MAX_UNANSWERED_MAP_CALLS + 32;

  private static final long HEARTBEAT = TimeUnit.SECONDS.toNanos(1);

  /** A frame to be sent, and what waits until it is. */
  private record Outgoing(ByteBuffer frame, Runnable written) {}

  private final FrameChannel frames;
  private final BlockingQueue<Outgoing> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Thread writer = RuntimeThread.of("nsm-link-writer", this::write);
  private volatile boolean closed;

  private Connection(FrameChannel frames) {
    this.frames = frames;
  }

  static Connection open(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    Connection connection = new Connection(new FrameChannel(channel));
    connection.writer.start();
    return connection;
  }

  /** Waits for what the agent says next. */
  ToProcess read() throws IOException {
    return ToProcess.read(frames.read(LinkLimits.MAX_FRAME));
  }

  /** Sends soon; an agent that reads nothing loses the connection. */
  void send(ToAgent message) {
    send(message, () -> {});
  }

  /**
   * Sends soon.
   *
   * @param written called when the message has left this process
   */
  void send(ToAgent message, Runnable written) {
    if (!waiting.offer(new Outgoing(message.frame(), written))) {
      close();
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      frames.close();
    } catch (IOException e) {
      NsmRuntime.log("the link could not be closed: " + e.getMessage());
    }
    // The writer ends at its next write or heartbeat.
  }

  private void write() {
    try {
      long heartbeat = System.nanoTime() + HEARTBEAT;
      while (!closed) {
        long left = heartbeat - System.nanoTime();
        Outgoing next = left > 0 ? waiting.poll(left, TimeUnit.NANOSECONDS) : null;
        if (next != null) {
          frames.write(next.frame());
          next.written().run();
        } else {
          frames.write(new Heartbeat().frame());
          heartbeat = System.nanoTime() + HEARTBEAT;
        }
      }
    } catch (IOException | InterruptedException broken) {
      // The reader notices as well, says so and connects anew.
      close();
    }
  }
}
