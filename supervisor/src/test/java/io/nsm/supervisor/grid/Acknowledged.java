package io.nsm.supervisor.grid;

import static io.nsm.supervisor.grid.Grids.IMPORTER;
import static io.nsm.supervisor.grid.Grids.bytes;
import static io.nsm.supervisor.grid.Grids.fencedPut;
import static io.nsm.supervisor.grid.Grids.get;
import static io.nsm.supervisor.grid.Grids.perform;
import static io.nsm.supervisor.grid.Grids.put;
import static io.nsm.supervisor.grid.Grids.read;
import static io.nsm.supervisor.grid.Grids.ref;
import static io.nsm.supervisor.grid.Grids.remove;
import static io.nsm.supervisor.grid.Grids.written;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Changes a grid and remembers what was acknowledged, to demand it again later. Each change is of
 * every kind: an entry is set, another one removed, a third removed and set again, a fence raised,
 * a checkpoint stored.
 */
public final class Acknowledged {
  private final Map<String, Optional<String>> entries = new LinkedHashMap<>();
  private final List<CheckpointRef> checkpoints = new ArrayList<>();
  private long changes;

  /** By way of this host. */
  public void change(Grid grid) {
    changes++;
    set(grid, "kept", "kept " + changes);
    set(grid, "kept-" + changes, "as it was");
    set(grid, "gone-" + changes, "for a while");
    if (changes > 1) {
      unset(grid, "gone-" + (changes - 1));
    }
    unset(grid, "again");
    set(grid, "again", "again " + changes);
    unset(grid, "never");
    assertThat(get(grid.raiseFence(IMPORTER, new Epoch(changes + 1)))).isEqualTo(Grid.Stored.DONE);
    CheckpointRef ref = ref(changes, 1, "state " + changes);
    assertThat(get(grid.store(ref, bytes("state " + changes)))).isEqualTo(Grid.Stored.DONE);
    checkpoints.add(ref);
  }

  private void set(Grid grid, String key, String value) {
    written(grid, put(key, value));
    entries.put(key, Optional.of(value));
  }

  private void unset(Grid grid, String key) {
    // Unknown if a host has just left; then it is asked for again.
    for (int attempt = 0; perform(grid, remove(key)) instanceof MapResult.Unknown; attempt++) {
      assertThat(attempt).isLessThan(5);
    }
    entries.put(key, Optional.empty());
  }

  /** Demands that all of it is there by way of this host, and nothing that was removed. */
  public void demand(HostName host, Grid grid, String when) {
    Grids.await(
        () -> perform(grid, new MapOperation.Get("m", "kept")) instanceof MapResult.Entries);
    entries.forEach(
        (key, value) ->
            assertThat(read(grid, key)).as("%s on %s, %s", key, host, when).isEqualTo(value));
    for (CheckpointRef ref : checkpoints) {
      assertThat(get(grid.find(ref)))
          .as("%s on %s, %s", ref, host, when)
          .isInstanceOf(Grid.Bytes.class);
    }
    assertThat(perform(grid, fencedPut(changes, "stale")))
        .as("a stale write on %s, %s", host, when)
        .isEqualTo(new MapResult.Fenced(new Epoch(changes + 1)));
  }
}
