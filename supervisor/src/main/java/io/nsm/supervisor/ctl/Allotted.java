package io.nsm.supervisor.ctl;

import io.nsm.supervisor.model.JvmMemory;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.Program;
import io.nsm.supervisor.model.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A line of what a process is given by its declaration, and of what follows from that. */
record Allotted(String name, String value) {

  /** Nothing for a process that declares none of it. */
  static List<Allotted> of(ProcessSpec spec) {
    Resources resources = spec.resources();
    List<Allotted> lines = new ArrayList<>();
    resources.user().ifPresent(user -> lines.add(new Allotted("user", account(user, resources))));
    resources
        .memoryLimit()
        .ifPresent(bytes -> lines.add(new Allotted("memory", "at most " + Spans.size(bytes))));
    List<String> options = spec.program().match(new Derived());
    if (!options.isEmpty()) {
      lines.add(new Allotted("so its JVM", String.join(" ", options)));
    }
    String cpu = cpu(resources);
    if (!cpu.isEmpty()) {
      lines.add(new Allotted("cpu", cpu));
    }
    resources.files().ifPresent(files -> lines.add(new Allotted("files", files + " open at most")));
    resources.nice().ifPresent(nice -> lines.add(new Allotted("nice", nice.toString())));
    resources.umask().ifPresent(umask -> lines.add(new Allotted("umask", umask)));
    resources.workDir().ifPresent(path -> lines.add(new Allotted("starts in", path)));
    return lines;
  }

  private static String account(String user, Resources resources) {
    return user + resources.group().map(group -> ", group " + group).orElse("");
  }

  private static String cpu(Resources resources) {
    List<String> parts = new ArrayList<>();
    resources
        .cpuLimit()
        .ifPresent(cores -> parts.add(String.format(Locale.ROOT, "at most %s processors", cores)));
    resources.cpuWeight().ifPresent(weight -> parts.add("weight " + weight));
    return String.join(", ", parts);
  }

  /** The options of a JVM that follow from its limit of memory. */
  private static final class Derived implements Program.Cases<List<String>> {
    @Override
    public List<String> java(ProcessSpec.Java java) {
      return java.memoryLimit()
          .map(limit -> JvmMemory.options(limit, java.jvmOptions()))
          .orElse(List.of());
    }

    @Override
    public List<String> command(ProcessSpec.Command command) {
      return List.of();
    }
  }
}
