package io.nsm.process;

import java.util.List;
import java.util.Map;

/** What a process knows of itself and its cluster from its start. */
public interface ProcessContext {

  /** The name under which the process is declared, for example {@code importer}. */
  String process();

  /** The number of this instance, from 1; with the process name it is the instance's identity. */
  int instance();

  /** The name of the host this instance runs on. */
  String host();

  /** The arguments declared for this process: {@code java.args}. */
  List<String> args();

  /** The ports declared for this process, by name. */
  Map<String, Integer> ports();

  /**
   * A map that all processes of the cluster share under this name. Names are 1 to 63 characters of
   * {@code a-z}, {@code 0-9}, {@code .}, {@code _} and {@code -}, a letter or digit first and last.
   *
   * @throws IllegalArgumentException if the name is none
   */
  SharedMap map(String name);

  /**
   * Completes the work of a one-shot process: the run is recorded as completed and the JVM exits
   * with code 0 after {@link ManagedProcess#stop()}.
   */
  void complete();

  /** Ends this instance with an error that operators see; the restart policy decides the rest. */
  void fail(String reason);
}
