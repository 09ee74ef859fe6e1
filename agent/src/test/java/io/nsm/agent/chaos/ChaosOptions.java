package io.nsm.agent.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run is asked to do.
 *
 * @param directory where the recordings go
 * @param names of the network namespaces: {@code PREFIX-net}, {@code PREFIX-h1}, …
 * @param jar of the sample processes
 * @param faults those that may happen; empty for all
 * @param allowance what recovery may take beyond the lease's bound, for JVMs that start
 */
record ChaosOptions(
    Path directory,
    String names,
    Path jar,
    Duration length,
    long seed,
    int hosts,
    String profile,
    List<String> faults,
    Duration allowance,
    Optional<Path> fakeClock) {

  static ChaosOptions parse(String[] args) {
    Map<String, String> given = new HashMap<>();
    for (Iterator<String> words = List.of(args).iterator(); words.hasNext(); ) {
      String word = words.next();
      if (!word.startsWith("--") || !words.hasNext()) {
        throw new IllegalArgumentException("not understood: " + word);
      }
      given.put(word.substring(2), words.next());
    }
    String faults = given.getOrDefault("faults", "");
    String clock = given.getOrDefault("fake-clock", "");
    return new ChaosOptions(
        Path.of(required(given, "directory")),
        required(given, "names"),
        Path.of(required(given, "jar")),
        Duration.ofMillis((long) (Double.parseDouble(required(given, "minutes")) * 60_000)),
        Long.parseLong(required(given, "seed")),
        Integer.parseInt(given.getOrDefault("hosts", "3")),
        given.getOrDefault("profile", "fast"),
        faults.isEmpty() ? List.of() : List.of(faults.split(",")),
        Duration.ofSeconds(Long.parseLong(given.getOrDefault("allowance", "30"))),
        clock.isEmpty() ? Optional.empty() : Optional.of(Path.of(clock)));
  }

  private static String required(Map<String, String> given, String name) {
    return Optional.ofNullable(given.get(name))
        .orElseThrow(() -> new IllegalArgumentException("--" + name + " is missing"));
  }
}
