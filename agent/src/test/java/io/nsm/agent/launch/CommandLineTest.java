package io.nsm.agent.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.supervisor.model.ProcessSpec.Command;
import io.nsm.supervisor.model.ProcessSpec.Entry;
import io.nsm.supervisor.model.ProcessSpec.Java;
import io.nsm.supervisor.model.ProcessSpec.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
  private final Path directory;
  private final Path run;

  CommandLineTest(@TempDir Path directory) {
    this.directory = directory;
    this.run = directory.resolve("run");
  }

  @Test
  void starts_a_jar() throws IOException {
    Path java = executable("jdk/bin/java");
    Path jar = Files.createFile(directory.resolve("worker.jar"));

    List<String> words =
        words(
            new Java(
                Optional.of("jdk"),
                entry("worker.jar"),
                List.of("-Dzone=a"),
                List.of("--zone", "a"),
                Optional.empty()));

    assertThat(words)
        .containsExactly(
            java.toString(),
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:ErrorFile=" + run + "/hs_err.log",
            "-Xlog:gc*,safepoint:file=\""
                + run
                + "/gc.log\":time,uptime,level,tags:filecount=1,filesize=2M",
            "-Dzone=a",
            "-jar",
            jar.toString(),
            "--zone",
            "a");
  }

  @Test
  void starts_a_main_class_from_jars_and_directories() throws IOException {
    executable("jdk/bin/java");
    Files.createDirectories(directory.resolve("lib"));
    Files.createFile(directory.resolve("a.jar"));

    List<String> words =
        words(
            new Java(
                Optional.of("jdk"),
                new Entry(Optional.empty(), Optional.of("x.Main"), List.of("a.jar", "lib/*")),
                List.of(),
                List.of(),
                Optional.of(512L * 1024 * 1024)));

    assertThat(words)
        .contains("-Xmx307m", "-XX:HeapDumpPath=" + run + "/heap.hprof")
        .endsWith("-cp", directory.resolve("a.jar") + ":" + directory.resolve("lib/*"), "x.Main");
  }

  @Test
  void finds_a_command_on_the_path() throws IOException {
    Path program = executable("bin/tool");

    assertThat(words(new Command(List.of("tool", "-v")))).containsExactly(program.toString(), "-v");
  }

  @Test
  void names_key_path_and_host_of_what_is_missing() throws IOException {
    executable("jdk/bin/java");
    Files.createFile(directory.resolve("text"));

    assertRefused(
        java("none", entry("a.jar")), "java.home: ", "none/bin/java on host host1: no java");
    assertRefused(
        java("jdk", entry("a.jar")), "java.jar: ", "a.jar on host host1: no readable file");
    assertRefused(
        java("jdk", new Entry(Optional.empty(), Optional.of("M"), List.of("none/*"))),
        "java.classpath[0]: ",
        "none on host host1: no such directory");
    assertRefused(new Command(List.of("nothing")), "command[0]: ", "nothing on host host1: not on");
    assertRefused(
        new Command(List.of("./text")), "command[0]: ", "text on host host1: not executable");
  }

  private void assertRefused(Program program, String key, String what) {
    assertThatThrownBy(() -> words(program))
        .isInstanceOf(CannotLaunchException.class)
        .hasMessageStartingWith("processes.worker." + key)
        .hasMessageContaining(what);
  }

  private List<String> words(Program program) {
    return CommandLine.of(
        Specs.settings(directory),
        Specs.of(program),
        Map.of("PATH", directory.resolve("bin").toString()),
        run);
  }

  private static Java java(String home, Entry entry) {
    return new Java(Optional.of(home), entry, List.of(), List.of(), Optional.empty());
  }

  private static Entry entry(String jar) {
    return new Entry(Optional.of(jar), Optional.empty(), List.of());
  }

  private Path executable(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(directory.resolve(name).getParent());
    Files.createFile(file);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }
}
