package io.nsm.agent.chaos.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** A recording that a test writes, line by line; times are given in ms. */
final class Written {
  private static final long MILLI = 1_000_000;

  private final Path directory;

  Written(Path directory) {
    this.directory = directory;
  }

  /**
   * Two terms of one process with all that can be recorded, in which nothing is wrong: recorder/1
   * acts in epoch 5 until 1,000 ms, is killed, and recorder/2 acts in epoch 6 from 3,000 ms.
   */
  Written good() {
    file(
        "run.json",
        "{\"t\":0,\"seed\":7,\"minutes\":1,\"hosts\":3,\"profile\":\"fast\",\"ttl\":2200000000,"
            + "\"renew\":250000000,\"margin\":300000000,\"bound\":2520000000,"
            + "\"processes\":\"recorder,client\"}");
    start(1, "a", 10);
    activate(1, "a", 20, 5, "\"found\":false");
    effect(1, "a", 5, 1, 100, 101);
    effect(1, "a", 5, 2, 900, 910);
    save(1, "a", 5, 1, 200, 10);
    saved(1, "a", 5, 1, 220, 10, "ok", "\"checkpointEpoch\":5,\"checkpointSequence\":1");
    fenced(1, "a", 5, 1, 300, "f1");
    map(1, "ok", 310, "fenced", "r1", 1, "put", "\"epoch\":5,\"version\":3");
    fault("{\"t\":950000000,\"kind\":\"begin\",\"id\":1,\"round\":1,\"fault\":\"kill\"}");
    start(2, "b", 15);
    activate(2, "b", 3_000, 6, seen(5, 1, 10));
    effect(2, "b", 6, 1, 3_001, 3_002);
    save(2, "b", 6, 1, 3_100, 11);
    saved(2, "b", 6, 1, 3_120, 11, "ok", "\"checkpointEpoch\":6,\"checkpointSequence\":1");
    fenced(2, "b", 6, 1, 3_200, "f2");
    map(2, "ok", 3_210, "fenced", "r2", 1, "put", "\"epoch\":6,\"version\":4");
    get(500, 501, 1, "f1", 3);
    get(3_500, 3_501, 2, "f2", 4);
    fault(
        "{\"t\":4000000000,\"kind\":\"recovered\",\"round\":1,\"took\":900000000,"
            + "\"bound\":3000000000}");
    end(true, "", true);
    leaks("");
    return this;
  }

  static String seen(long epoch, long sequence, long value) {
    return "\"found\":true,\"checkpointEpoch\":%d,\"checkpointSequence\":%d,\"value\":%d"
        .formatted(epoch, sequence, value);
  }

  void start(int instance, String run, long at) {
    line("activations", instance, run, at, "start", "\"pid\":1");
  }

  void activate(int instance, String run, long at, long epoch, String seen) {
    line("activations", instance, run, at, "activate", "\"epoch\":" + epoch + "," + seen);
  }

  void effect(int instance, String run, long epoch, long sequence, long at, long done) {
    String of = "\"epoch\":" + epoch + ",\"sequence\":" + sequence;
    line("effects", instance, run, at, "effect", of + ",\"checked\":" + at * MILLI);
    line("effects", instance, run, done, "done", of);
  }

  void save(int instance, String run, long epoch, long op, long at, long value) {
    line("saves", instance, run, at, "invoke", ofSave(epoch, op, value));
  }

  void saved(
      int instance,
      String run,
      long epoch,
      long op,
      long at,
      long value,
      String kind,
      String result) {
    line("saves", instance, run, at, kind, ofSave(epoch, op, value) + "," + result);
  }

  private static String ofSave(long epoch, long op, long value) {
    return "\"epoch\":" + epoch + ",\"op\":" + op + ",\"value\":" + value;
  }

  /** A put on the key "fenced" is asked for. */
  void fenced(int instance, String run, long epoch, long op, long at, String value) {
    map(
        instance,
        "invoke",
        at,
        "fenced",
        "r" + instance,
        op,
        "put",
        "\"epoch\":" + epoch + ",\"value\":\"" + value + "\"");
  }

  /** A get of the key "fenced", done. */
  void get(long from, long to, long op, String value, long version) {
    map(3, "invoke", from, "fenced", "reader", op, "get", "\"x\":1");
    String found = "\"found\":true,\"value\":\"" + value + "\",\"version\":" + version;
    map(3, "ok", to, "fenced", "reader", op, "get", found);
  }

  void map(
      int instance,
      String kind,
      long at,
      String key,
      String client,
      long op,
      String call,
      String rest) {
    String of =
        "\"client\":\"%s\",\"op\":%d,\"call\":\"%s\",\"map\":\"shared\",\"key\":\"%s\",%s"
            .formatted(client, op, call, key, rest);
    line("maps", instance, "m" + client, at, kind, of);
  }

  void fault(String line) {
    append("faults.jsonl", line + "\n");
  }

  void end(boolean well, String problem, boolean good) {
    file(
        "final.json",
        ("{\"t\":5000000000,\"well\":%s,\"problems\":[%s],\"instances\":[{\"process\":\"recorder\","
                + "\"instance\":\"recorder/2\",\"host\":\"host2\",\"state\":\"ACTIVE\",\"good\":%s}]}")
            .formatted(well, problem, good));
  }

  void leaks(String process) {
    file(
        "leaks.json",
        ("{\"t\":6000000000,\"processes\":[%s],\"runDirectories\":[],\"namespaces\":[],"
                + "\"mounts\":[],\"cgroups\":[]}")
            .formatted(process));
  }

  void append(String name, String text) {
    try {
      Files.writeString(
          directory.resolve(name), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void remove(String name) {
    try {
      Files.delete(directory.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void line(String file, int instance, String run, long at, String kind, String rest) {
    append(
        "%s-recorder-%d-%s.jsonl".formatted(file, instance, run),
        String.format(
            Locale.ROOT,
            "{\"t\":%d,\"kind\":\"%s\",\"process\":\"recorder\",\"instance\":\"recorder/%d\","
                + "\"host\":\"host%d\",\"run\":\"%s\",%s}%n",
            at * MILLI,
            kind,
            instance,
            instance,
            run,
            rest));
  }

  private void file(String name, String text) {
    try {
      Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
