package io.nsm.supervisor.config;

import io.nsm.supervisor.config.Texts.Facts;
import io.nsm.supervisor.model.HostName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads which hosts vote in the ledger. */
final class VoterReader {
  private static final Set<Integer> COUNTS = Set.of(1, 3, 5);

  private final Section root;
  private final Texts texts;
  private final Problems problems;

  VoterReader(Section root, Texts texts, Problems problems) {
    this.root = root;
    this.texts = texts;
    this.problems = problems;
  }

  List<HostName> read(Map<HostName, HostAddress> hosts) {
    if (!root.has("voters")) {
      if (!hosts.isEmpty() && !COUNTS.contains(hosts.size())) {
        root.error(
            "hosts", count(hosts.size(), "hosts, and all vote by default"), advice(hosts.size()));
      }
      return List.copyOf(hosts.keySet());
    }
    List<HostName> voters = voters(hosts);
    int listed = root.items("voters", "host names").size();
    boolean list = root.node("voters").orElseThrow() instanceof YamlNode.Items;
    if ((list && listed == 0)
        || (listed > 0 && listed == voters.size() && !COUNTS.contains(listed))) {
      root.error("voters", count(listed, "voters"), advice(listed));
    }
    checkWitnesses(hosts, voters);
    if (listed == 1 && hosts.size() > 1) {
      problems.warning(
          root.problem("voters", "one voter: when it is lost, nothing is decided any more")
              .hint("use 3 voters"));
    }
    return voters;
  }

  private List<HostName> voters(Map<HostName, HostAddress> hosts) {
    List<HostName> voters = new ArrayList<>();
    List<String> known = hosts.keySet().stream().map(HostName::name).toList();
    for (YamlNode item : root.items("voters", "host names")) {
      Optional<String> name = texts.word(item, Facts.REFUSED);
      if (name.isEmpty()) {
        continue;
      }
      if (!known.contains(name.get())) {
        problems.error(
            Problem.at(
                    item.place(), item.path(), "voter '" + name.get() + "' is not among the hosts")
                .against(root.placeOf("hosts"))
                .hint(Closest.hint(name.get(), known)));
      } else if (voters.contains(new HostName(name.get()))) {
        problems.error(
            Problem.at(item.place(), item.path(), "voter '" + name.get() + "' is listed twice"));
      } else {
        voters.add(new HostName(name.get()));
      }
    }
    return voters;
  }

  private void checkWitnesses(Map<HostName, HostAddress> hosts, List<HostName> voters) {
    hosts.forEach(
        (name, address) -> {
          if (address.witness() && !voters.contains(name)) {
            problems.error(
                Problem.at(
                        root.placeOf("hosts", name.name(), "witness"),
                        root.pathOf("hosts." + name + ".witness"),
                        "a witness is there to vote, but is not among the voters")
                    .against(root.placeOf("voters"))
                    .hint("add '" + name + "' to the voters"));
          }
        });
  }

  private static String count(int count, String what) {
    String reason =
        switch (count) {
          case 0 -> "at least one must vote";
          case 2 -> "two voters survive no death";
          case 4 -> "four voters survive no more deaths than three";
          default -> "more than five only slow each other down";
        };
    return count + " " + what + ": expected 1, 3 or 5; " + reason;
  }

  private static String advice(int count) {
    return count == 2
        ? "add a third; a witness is enough, a small host that votes and runs no processes:"
            + " {address: …, witness: true}"
        : "name 1, 3 or 5 of the hosts under 'voters'";
  }
}
