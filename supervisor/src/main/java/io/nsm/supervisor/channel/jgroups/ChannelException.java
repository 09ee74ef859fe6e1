package io.nsm.supervisor.channel.jgroups;

/** The channel could not be opened; the message says why and what to do. */
public final class ChannelException extends Exception {
  private static final long serialVersionUID = 1L;

  ChannelException(String message) {
    super(message);
  }

  ChannelException(String message, Throwable cause) {
    super(message, cause);
  }
}
