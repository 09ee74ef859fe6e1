package io.nsm.supervisor.api;

import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.InstanceId;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a promotion took, counted from the cause: the end of the old run as its host's kernel
 * told it, the request of the operator, or the last sign of life of a lost host.
 *
 * @param cause a reason code: {@code SIGNAL_9}, {@code HOST_LOST}, {@code OPERATOR}, or {@code
 *     FIRST} where nobody acted before
 * @param from who acted before, if anybody did
 * @param to who acts now
 * @param noticed until the cause was known to whoever had to act
 * @param decided until the grant was applied in the ledger
 * @param active until the successor's {@code activate} was entered
 */
public record PromotionTimeline(
    String cause,
    Epoch epoch,
    Optional<InstanceId> from,
    InstanceId to,
    Duration noticed,
    Duration decided,
    Duration active) {}
