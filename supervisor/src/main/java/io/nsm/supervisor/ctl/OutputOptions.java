package io.nsm.supervisor.ctl;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nsm.supervisor.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import picocli.CommandLine.Option;

/** How data is written to stdout. */
final class OutputOptions {
  private final Surroundings surroundings;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "table, wide, json, yaml or name. Default: table.")
  private Format format = Format.table;

  OutputOptions(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** How data is written; as users type it. */
  @SuppressWarnings("checkstyle:ConstantName")
  enum Format {
    table,
    wide,
    json,
    yaml,
    name
  }

  /** Data as text for people. */
  interface View {
    /**
     * Renders lines, each ended.
     *
     * @param wide with all columns
     */
    String table(boolean wide, boolean colour);

    /** The names of what is shown. */
    List<String> names();
  }

  boolean isForPeople() {
    return format == Format.table || format == Format.wide;
  }

  /** Writes data once. */
  void print(Object data, View view) {
    write(format == Format.json ? Json.pretty(data) + "\n" : text(data, view));
  }

  /** Writes data of which more follows: JSON as an object a line. */
  void printOneOfMany(Object data, View view) {
    String text =
        switch (format) {
          case json -> new String(Json.bytes(data), StandardCharsets.UTF_8) + "\n";
          case yaml -> "---\n" + text(data, view);
          case table, wide, name -> text(data, view);
        };
    write(text);
  }

  private String text(Object data, View view) {
    return switch (format) {
      case table -> view.table(false, surroundings.colour());
      case wide -> view.table(true, surroundings.colour());
      case json -> Json.pretty(data) + "\n";
      case yaml -> yaml(data);
      case name -> view.names().isEmpty() ? "" : String.join("\n", view.names()) + "\n";
    };
  }

  private void write(String text) {
    surroundings.out().print(text);
    surroundings.out().flush();
  }

  private static String yaml(Object data) {
    ObjectMapper mapper = Json.mapper();
    DumpSettings settings =
        DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).setWidth(120).build();
    return new Dump(settings).dumpToString(mapper.convertValue(data, Object.class));
  }
}
