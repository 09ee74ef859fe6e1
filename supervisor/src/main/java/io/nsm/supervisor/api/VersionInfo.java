package io.nsm.supervisor.api;

import io.nsm.supervisor.model.HostName;

/**
 * What answers.
 *
 * @param version of NSM
 * @param api {@code v1}
 * @param java the version of the agent's JVM
 */
public record VersionInfo(String version, String api, String java, String cluster, HostName host) {}
