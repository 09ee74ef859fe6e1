package io.nsm.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** A supervised application brings its own libraries; this module brings none. */
class NoDependenciesTest {

  @Test
  void needs_nothing_but_the_base_of_java() throws Exception {
    Path classes =
        Path.of(ManagedProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    StringWriter found = new StringWriter();

    int exit =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                new PrintWriter(found, true),
                new PrintWriter(found, true),
                "--multi-release",
                "base",
                "--ignore-missing-deps",
                "--print-module-deps",
                classes.toString());

    assertThat(exit).as(found.toString()).isZero();
    assertThat(found.toString().strip()).isEqualTo("java.base");
  }
}
