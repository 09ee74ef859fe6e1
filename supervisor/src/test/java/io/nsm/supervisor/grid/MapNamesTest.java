package io.nsm.supervisor.grid;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.process.SharedMap;
import io.nsm.supervisor.model.Names;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process may call a map is what the grid takes for one. */
class MapNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "flights",
        "flights.2026-11_b",
        "0",
        "",
        "Flights",
        "-a",
        "a-",
        "a b",
        "ä",
        "a123456789012345678901234567890123456789012345678901234567890bc",
        "a123456789012345678901234567890123456789012345678901234567890bcd"
      })
  void a_name_is_one_for_the_process_exactly_if_it_is_one_for_the_grid(String name) {
    assertThat(name.matches(SharedMap.NAME)).isEqualTo(Names.valid(name));
  }
}
