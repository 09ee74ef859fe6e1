package io.nsm.samples.pipeline;

/** Ends an instance at an operation, as kill -9 does. */
final class KilledError extends Error {
  private static final long serialVersionUID = 1L;

  KilledError() {
    super("killed", null, false, false);
  }
}
