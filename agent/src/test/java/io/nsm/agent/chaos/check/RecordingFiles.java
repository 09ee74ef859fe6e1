package io.nsm.agent.chaos.check;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads the directory of a run. A last line without its end is what a killed program left, and is
 * passed over; any other line that cannot be read is an error.
 */
final class RecordingFiles {
  private final Path directory;
  private final List<String> missing = new ArrayList<>();
  private final Map<Run, Run> runs = new LinkedHashMap<>();

  private RecordingFiles(Path directory) {
    this.directory = directory;
  }

  /** What a line of a file is turned into. */
  private interface Reader {
    void read(Line line) throws MalformedRecordingException;
  }

  /**
   * Reads everything.
   *
   * @throws MalformedRecordingException if a file does not keep to the format, or run.json is not
   *     there
   */
  static Recording read(Path directory) throws MalformedRecordingException, IOException {
    return new RecordingFiles(directory).read();
  }

  private Recording read() throws MalformedRecordingException, IOException {
    Line run =
        object("run.json")
            .orElseThrow(
                () ->
                    new MalformedRecordingException(
                        directory + ": no run.json here: not the recording of a chaos run"));
    Recording.Facts facts =
        new Recording.Facts(
            run.number("t"),
            run.number("seed"),
            run.number("hosts"),
            run.text("profile"),
            run.number("margin"));
    List<Effect> effects = effects();
    List<TermEvent> terms = new ArrayList<>();
    each("activations-", line -> terms.add(termEvent(line)));
    SavesReader saves = new SavesReader();
    each("saves-", line -> saves.read(line, run(line)));
    MapsReader maps = new MapsReader();
    each("maps-", maps::read);
    List<FaultEvent> faults = faults();
    Optional<Recording.End> end = end();
    Optional<Recording.Leaks> leaks = leaks();
    return new Recording(
        facts,
        sorted(effects, Comparator.comparingLong(Effect::at)),
        sorted(terms, Comparator.comparingLong(TermEvent::at)),
        sorted(saves.all(), Comparator.comparingLong(Save::invoked)),
        sorted(maps.all(), Comparator.comparingLong(MapCall::invoked)),
        sorted(faults, Comparator.comparingLong(FaultEvent::at)),
        end,
        leaks,
        List.copyOf(missing));
  }

  private List<Effect> effects() throws MalformedRecordingException, IOException {
    record Key(Run run, long epoch, long sequence) {}
    Map<Key, Effect> effects = new LinkedHashMap<>();
    each(
        "effects-",
        line -> {
          Key key = new Key(run(line), line.number("epoch"), line.number("sequence"));
          if (kind(line, "effect", "done").equals("effect")) {
            Effect effect =
                new Effect(
                    key.run(),
                    key.epoch(),
                    key.sequence(),
                    line.number("t"),
                    line.number("checked"));
            if (effects.putIfAbsent(key, effect) != null) {
              throw line.wrong("a second effect of " + key);
            }
          } else {
            Effect begun = effects.get(key);
            if (begun == null) {
              throw line.wrong("done without an effect: " + key);
            }
            effects.put(
                key,
                new Effect(
                    begun.run(), begun.epoch(), begun.sequence(), begun.at(), line.number("t")));
          }
        });
    return List.copyOf(effects.values());
  }

  private TermEvent termEvent(Line line) throws MalformedRecordingException {
    String name =
        kind(line, "start", "activate", "activated", "ended", "deactivate", "deactivated", "stop");
    TermEvent.Kind kind = TermEvent.Kind.valueOf(name.toUpperCase(Locale.ROOT));
    Optional<TermEvent.Seen> seen = Optional.empty();
    if (kind == TermEvent.Kind.ACTIVATE && line.flag("found")) {
      seen =
          Optional.of(
              new TermEvent.Seen(
                  new TermEvent.Position(
                      line.number("checkpointEpoch"), line.number("checkpointSequence")),
                  line.number("value")));
    }
    boolean ofTerm = kind != TermEvent.Kind.START && kind != TermEvent.Kind.STOP;
    return new TermEvent(
        run(line), kind, line.number("t"), ofTerm ? line.number("epoch") : 0, seen);
  }

  private List<FaultEvent> faults() throws MalformedRecordingException, IOException {
    List<FaultEvent> faults = new ArrayList<>();
    each(
        "faults",
        line -> {
          String kind =
              kind(
                  line,
                  "begin",
                  "done",
                  "heal",
                  "healed",
                  "recovered",
                  "unrecovered",
                  "skipped",
                  "failed",
                  "note");
          StringBuilder text = new StringBuilder(kind);
          for (String name : List.of("id", "round", "fault", "target", "detail", "why")) {
            if (line.has(name)) {
              text.append(' ').append(name).append('=').append(line.fields().get(name));
            }
          }
          faults.add(
              new FaultEvent(
                  line.number("t"),
                  kind,
                  line.textOrNone("fault"),
                  text.toString(),
                  line.numberIfAny("took").orElse(0),
                  line.numberIfAny("bound").orElse(0)));
        });
    return faults;
  }

  private Optional<Recording.End> end() throws MalformedRecordingException, IOException {
    Optional<Line> end = object("final.json");
    if (end.isEmpty()) {
      return Optional.empty();
    }
    List<Recording.Instance> instances = new ArrayList<>();
    for (Line instance : end.get().objects("instances")) {
      instances.add(
          new Recording.Instance(
              instance.text("instance"),
              instance.textOrNone("host"),
              instance.textOrNone("state"),
              instance.flag("good")));
    }
    return Optional.of(
        new Recording.End(
            end.get().number("t"), end.get().flag("well"), end.get().texts("problems"), instances));
  }

  private Optional<Recording.Leaks> leaks() throws MalformedRecordingException, IOException {
    Optional<Line> leaks = object("leaks.json");
    if (leaks.isEmpty()) {
      return Optional.empty();
    }
    Map<String, List<String>> left = new LinkedHashMap<>();
    for (String kind : List.of("processes", "runDirectories", "namespaces", "mounts", "cgroups")) {
      left.put(kind, leaks.get().texts(kind));
    }
    return Optional.of(new Recording.Leaks(leaks.get().number("t"), left));
  }

  /** The run that a line is of; one object for all its lines. */
  private Run run(Line line) throws MalformedRecordingException {
    Run run =
        new Run(line.text("process"), line.text("instance"), line.text("host"), line.text("run"));
    return runs.computeIfAbsent(run, same -> same);
  }

  private static String kind(Line line, String... known) throws MalformedRecordingException {
    String kind = line.text("kind");
    if (!List.of(known).contains(kind)) {
      throw line.wrong("unknown kind '" + kind + "'");
    }
    return kind;
  }

  private Optional<Line> object(String name) throws MalformedRecordingException, IOException {
    Path file = directory.resolve(name);
    if (!Files.exists(file)) {
      missing.add(name);
      return Optional.empty();
    }
    return Optional.of(Line.parse(name, Files.readString(file)));
  }

  private void each(String prefix, Reader reader) throws MalformedRecordingException, IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files =
          all.filter(
                  file -> {
                    String name = String.valueOf(file.getFileName());
                    return name.startsWith(prefix) && name.endsWith(".jsonl");
                  })
              .sorted()
              .toList();
    }
    if (files.isEmpty()) {
      missing.add(prefix + "*.jsonl");
    }
    for (Path file : files) {
      eachLine(file, reader);
    }
  }

  private static void eachLine(Path file, Reader reader)
      throws MalformedRecordingException, IOException {
    try (BufferedReader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      int number = 0;
      StringBuilder line = new StringBuilder();
      for (int c = text.read(); c >= 0; c = text.read()) {
        if (c != '\n') {
          line.append((char) c);
          continue;
        }
        number++;
        reader.read(Line.parse(file.getFileName() + ":" + number, line.toString()));
        line.setLength(0);
      }
    }
  }

  private static <T> List<T> sorted(List<T> all, Comparator<T> order) {
    return all.stream().sorted(order).toList();
  }
}
