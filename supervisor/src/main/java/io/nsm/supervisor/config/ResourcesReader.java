package io.nsm.supervisor.config;

import io.nsm.supervisor.config.Texts.Facts;
import io.nsm.supervisor.config.Texts.Reading;
import io.nsm.supervisor.config.YamlNode.Kind;
import io.nsm.supervisor.model.Resources;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what a run gets from the operating system, and how much of it. */
final class ResourcesReader {
  /** The most that Linux gives without being told otherwise ({@code fs.nr_open}). */
  private static final int MOST_FILES = 1 << 20;

  private static final Reading<Long> MEMORY = Reading.size(4L << 20, 1L << 44);
  private static final Pattern MODE = Pattern.compile("0?[0-7]{3}");
  private static final Reading<String> UMASK =
      new Reading<>(
          "three octal digits in quotes, such as \"027\"",
          Kind.TEXT,
          text -> Optional.of(text).filter(mode -> MODE.matcher(mode).matches()));

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,31}[$]?");
  private static final Reading<String> ACCOUNT =
      new Reading<>(
          "the name of an account such as feed, or its number in quotes",
          Kind.TEXT,
          text -> Optional.of(text).filter(ResourcesReader::names));

  private final Section process;

  ResourcesReader(Section process) {
    this.process = process;
  }

  private static boolean names(String text) {
    return NAME.matcher(text).matches() || NUMBER.matcher(text).matches();
  }

  Resources read() {
    Optional<Section> cpu = process.section("cpu", Shape.CPU);
    return new Resources(
        process.section("memory", Shape.MEMORY).flatMap(it -> it.value("limit", MEMORY)),
        cpu.flatMap(it -> it.value("limit", Reading.number(0.01, 1024))),
        cpu.flatMap(it -> it.value("weight", Reading.whole(1, 10_000))),
        account("user"),
        group(),
        workDir(),
        process.value("umask", UMASK),
        process.value("files", Reading.whole(16, MOST_FILES)),
        process.value("nice", Reading.whole(-20, 19)));
  }

  /** A number stands in quotes, as that of a user is no amount. */
  private Optional<String> account(String key) {
    return process.value(key, ACCOUNT);
  }

  private Optional<String> group() {
    if (process.has("group") && !process.has("user")) {
      process.error("group", "a group goes with a user", "add 'user'");
    }
    return account("group");
  }

  private Optional<String> workDir() {
    Optional<String> path = process.text("workDir", "a path", Facts.ALLOWED);
    if (path.isPresent() && !path.get().startsWith("/") && !path.get().startsWith("${")) {
      process.error(
          "workDir", "'" + path.get() + "' is not an absolute path", "write the whole path");
      return Optional.empty();
    }
    return path;
  }
}
