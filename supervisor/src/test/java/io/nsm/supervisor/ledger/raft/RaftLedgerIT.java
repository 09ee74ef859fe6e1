package io.nsm.supervisor.ledger.raft;

import io.nsm.supervisor.ledger.LedgerContract;
import io.nsm.supervisor.model.HostName;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class RaftLedgerIT extends LedgerContract {
  private final Cluster cluster;

  RaftLedgerIT(@TempDir Path root) {
    cluster = new Cluster(root, VOTERS);
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  @Override
  protected Member start(HostName host) throws Exception {
    return cluster.start(host);
  }

  @Override
  protected void stop(Member member) {
    cluster.stop(member);
  }

  @Override
  protected void isolate(HostName host) {
    cluster.network().isolate(host);
  }

  @Override
  protected void heal() {
    cluster.network().heal();
  }
}
