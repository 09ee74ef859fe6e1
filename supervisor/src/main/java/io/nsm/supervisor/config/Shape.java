package io.nsm.supervisor.config;

import java.util.List;
import java.util.Set;

/**
 * The keys of every mapping that is read. The reader knows no other keys, and the tests compare
 * these tables with the JSON Schemas, so that the two cannot drift apart.
 */
enum Shape {
  DECLARATION("processes", "", keys("apiVersion", "vars", "defaults", "processes")),
  DEFAULTS("processes", "defaults", OfProcess.KEYS, OfProcess.NOT_YET),
  PROCESS("processes", "process", OfProcess.KEYS, OfProcess.NOT_YET),
  ARTIFACT("processes", "artifact", keys("file"), keys("sha256", "store")),
  JAVA(
      "processes",
      "java",
      keys(
          "home",
          "jar",
          "mainClass",
          "classpath",
          "jvmOptions",
          "args",
          "memory",
          "onOutOfMemory")),
  MEMORY("processes", "memory", keys("limit")),
  CPU("processes", "cpu", keys("limit", "weight")),
  ACTIVE_STANDBY(
      "processes",
      "activeStandby",
      keys("standby", "onLeaseLost", "failback", "prefer", "activationTimeout")),
  PLACEMENT("processes", "placement", keys("on", "spread", "antiAffinity")),
  PORT("processes", "port", keys("port"), keys("scheme")),
  RESTART("processes", "restart", keys("policy", "backoff", "limit", "exitCodes")),
  BACKOFF("processes", "backoff", keys("initial", "max", "factor", "jitter", "resetAfter")),
  LIMIT("processes", "limit", keys("attempts", "interval", "then")),
  EXIT_CODES("processes", "exitCodes", keys("success", "noRestart")),
  STOP("processes", "stop", keys("signal", "timeout")),
  DEPENDENCY("processes", "dependency", keys("process", "condition")),
  PROBES("processes", "probes", keys("startup", "readiness", "liveness")),
  PROBE(
      "processes",
      "probe",
      keys(
          "link",
          "http",
          "tcp",
          "exec",
          "period",
          "timeout",
          "failureThreshold",
          "successThreshold")),
  HTTP_CHECK("processes", "httpCheck", keys("host", "port", "path")),
  TCP_CHECK("processes", "tcpCheck", keys("host", "port")),
  LOGS("processes", "logs", keys("maxFileSize", "maxFiles")),

  AGENT(
      "agent",
      "",
      keys(
          "apiVersion",
          "cluster",
          "host",
          "labels",
          "lease",
          "hosts",
          "voters",
          "dataDirectory",
          "runDirectory",
          "http",
          "java",
          "cgroup")),
  LEASE("agent", "lease", keys("profile")),
  HOST("agent", "host", keys("address", "ports", "witness")),
  HOST_PORTS("agent", "hostPorts", keys("control", "grid", "http")),
  HTTP("agent", "http", keys("bind")),
  AGENT_JAVA("agent", "java", keys("home"));

  private final String schema;
  private final String definition;
  private final List<String> keys;
  private final Set<String> notYet;

  Shape(String schema, String definition, String[] keys, String... notYet) {
    this.schema = schema;
    this.definition = definition;
    this.keys = List.of(keys);
    this.notYet = Set.of(notYet);
  }

  /** Which of the two files: {@code processes} or {@code agent}. */
  String schema() {
    return schema;
  }

  /** Its name under {@code $defs} of the JSON Schema; empty for the root. */
  String definition() {
    return definition;
  }

  List<String> keys() {
    return keys;
  }

  /** Keys of the whole format that are refused by name until they do something. */
  Set<String> notYet() {
    return notYet;
  }

  private static String[] keys(String... keys) {
    return keys;
  }

  /** Of a process and of the defaults; apart, since constants cannot refer to what follows them. */
  private static final class OfProcess {
    static final String[] KEYS = {
      "artifact",
      "java",
      "command",
      "mode",
      "replicas",
      "activeStandby",
      "placement",
      "env",
      "ports",
      "restart",
      "stop",
      "logs",
      "probes",
      "dependsOn",
      "memory",
      "cpu",
      "user",
      "group",
      "workDir",
      "umask",
      "files",
      "nice"
    };
    static final String[] NOT_YET = {
      "update", "schedule", "activeDeadline", "retries", "partitions", "routing"
    };
  }
}
