package io.nsm.supervisor.ctl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of the program that runs. */
public final class ProgramVersion {
  private static final String WRITTEN_BY_MAVEN = "/META-INF/maven/io.nsm/supervisor/pom.properties";

  private ProgramVersion() {}

  /** {@code 0.1.0}; {@code development} where it runs from classes outside of a jar. */
  public static String get() {
    try (InputStream in = ProgramVersion.class.getResourceAsStream(WRITTEN_BY_MAVEN)) {
      if (in == null) {
        return "development";
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version", "development");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
