package io.nsm.supervisor.ledger.raft;

import io.nsm.supervisor.channel.Channel;
import java.time.Duration;

/**
 * What the transport is made of.
 *
 * @param request how long to wait for the answer to one message
 * @param votes makes a vote that was just stored survive a power cut
 */
record Carrier(Channel channel, Duration request, CommitNews news, DirectorySync votes) {}
