package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.ProcessStatus;
import io.nsm.supervisor.model.ProcessName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Pure: in which order processes are stopped. */
final class StopOrder {
  private StopOrder() {}

  /**
   * Each one before those that it needs; else as given. Those in a circle come as given.
   *
   * @param needs on which processes each depends
   */
  static List<ProcessStatus> of(
      List<ProcessStatus> chosen, Map<ProcessName, Set<ProcessName>> needs) {
    List<ProcessStatus> left = new ArrayList<>(chosen);
    List<ProcessStatus> order = new ArrayList<>();
    while (!left.isEmpty()) {
      ProcessStatus next =
          left.stream().filter(one -> !needed(one, left, needs)).findFirst().orElse(left.get(0));
      left.remove(next);
      order.add(next);
    }
    return order;
  }

  private static boolean needed(
      ProcessStatus one, List<ProcessStatus> left, Map<ProcessName, Set<ProcessName>> needs) {
    return left.stream()
        .filter(other -> !other.name().equals(one.name()))
        .anyMatch(other -> needs.getOrDefault(other.name(), Set.of()).contains(one.name()));
  }
}
