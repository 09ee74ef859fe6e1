package io.nsm.supervisor.api;

import java.util.Optional;

/**
 * The body of each answer that is not a success.
 *
 * @param message where and what
 * @param hint what to do
 */
public record ApiError(ErrorCode code, String message, Optional<String> hint) {}
