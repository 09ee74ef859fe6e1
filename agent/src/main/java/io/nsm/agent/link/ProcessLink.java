package io.nsm.agent.link;

import io.nsm.process.link.FrameChannel;
import io.nsm.process.link.LinkLimits;
import io.nsm.process.link.MalformedFrameException;
import io.nsm.process.link.ToAgent;
import io.nsm.process.link.ToAgent.Hello;
import io.nsm.process.link.ToProcess;
import io.nsm.process.link.ToProcess.Refused;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a process. One thread reads; another writes what waits, so that nobody in the
 * agent ever waits for a process that does not read.
 */
final class ProcessLink {
  /** How many frames may wait for a process to read. */
  static final int MAX_WAITING_FRAMES = 1024;

  /** How many bytes may wait for a process to read: two of the largest frames. */
  static final long MAX_WAITING_BYTES = 2L * LinkLimits.MAX_FRAME;

  /** Where a connection's Hello and what follows it go. */
  interface Receiver {
    /** Returns the case for all further messages, or refuses with a reason. */
    ToAgent.Cases hello(ProcessLink link, Hello hello) throws RefusedException;

    /** Nothing more comes over the link. */
    void closed(ProcessLink link);
  }

  /** Why a connection is not accepted. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    RefusedException(String reason) {
      super(reason);
      this.reason = reason;
    }
  }

  private static final Logger log = LoggerFactory.getLogger(ProcessLink.class);

  private final String name;
  private final FrameChannel frames;
  private final Receiver receiver;
  private final BlockingQueue<ByteBuffer> waiting = new LinkedBlockingQueue<>(MAX_WAITING_FRAMES);
  private final AtomicLong waitingBytes = new AtomicLong();
  private final Thread reader;
  private final Thread writer;
  private volatile boolean admitted;
  private volatile boolean closed;

  /**
   * @param name for threads and messages
   */
  ProcessLink(String name, FrameChannel frames, Receiver receiver) {
    this.name = name;
    this.frames = frames;
    this.receiver = receiver;
    reader = new Thread(this::read, "nsm-link-" + name);
    writer = new Thread(this::write, "nsm-link-" + name + "-out");
    reader.setDaemon(true);
    writer.setDaemon(true);
  }

  void start() {
    reader.start();
  }

  /** Whether the process said who it is, and was believed. */
  boolean isAdmitted() {
    return admitted;
  }

  /** Sends soon; a process that does not read loses its connection. */
  void send(ToProcess message) {
    ByteBuffer frame = message.frame();
    int size = frame.remaining();
    if (waitingBytes.addAndGet(size) > MAX_WAITING_BYTES || !waiting.offer(frame)) {
      log.warn("link {}: the process does not read; closing the link", name);
      close();
    }
  }

  void close() {
    closed = true;
    writer.interrupt();
    try {
      frames.close();
    } catch (IOException e) {
      log.warn("link {}: could not be closed: {}", name, e.getMessage());
    }
  }

  private void read() {
    try {
      ToAgent.Cases further = admit();
      admitted = true;
      writer.start();
      while (!closed) {
        ToAgent.read(frames.read(LinkLimits.MAX_FRAME)).match(further);
      }
    } catch (RefusedException refused) {
      refuse(refused.reason);
    } catch (EOFException | ClosedChannelException ended) {
      log.debug("link {}: ended", name);
    } catch (MalformedFrameException malformed) {
      log.warn("link {}: closed, as the process sent {}", name, malformed.getMessage());
    } catch (IOException broken) {
      log.info("link {}: broke: {}", name, broken.getMessage());
    } finally {
      close();
      receiver.closed(this);
    }
  }

  private ToAgent.Cases admit() throws IOException, RefusedException {
    ToAgent first;
    try {
      first = ToAgent.read(frames.read(LinkLimits.MAX_HELLO));
    } catch (MalformedFrameException e) {
      throw new RefusedException("the first frame cannot be read: " + e.getMessage());
    }
    if (!(first instanceof Hello)) {
      throw new RefusedException("the first message must be Hello, not " + first);
    }
    return receiver.hello(this, (Hello) first);
  }

  private void refuse(String reason) {
    log.warn("link {}: refused: {}", name, reason);
    try {
      // The first frame to a process: it always has room in the socket's buffer.
      frames.write(new Refused(reason).frame());
    } catch (IOException gone) {
      log.debug("link {}: gone before it was refused", name);
    }
  }

  private void write() {
    try {
      while (!closed) {
        ByteBuffer frame = waiting.take();
        int size = frame.remaining();
        frames.write(frame);
        waitingBytes.addAndGet(-size);
      }
    } catch (IOException | InterruptedException broken) {
      // The reader learns of it as well, and tells.
      close();
    }
  }
}
