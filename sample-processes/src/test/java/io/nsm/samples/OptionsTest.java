package io.nsm.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void reads_pairs_of_name_and_value() {
    Options options = Options.parse(List.of("--rate", "500"), "--input", "--rate");

    assertThat(options.number("--rate", 1, 0)).isEqualTo(500);
    assertThat(options.text("--input")).isEmpty();
  }

  @Test
  void refuses_what_it_does_not_know() {
    assertThatThrownBy(() -> Options.parse(List.of("--raet", "500"), "--input", "--rate"))
        .hasMessage("--raet: unknown option; known are --input, --rate");
  }

  @Test
  void refuses_an_option_without_a_value_or_given_twice_or_out_of_bounds() {
    assertThatThrownBy(() -> Options.parse(List.of("--rate"), "--rate"))
        .hasMessage("--rate: needs a value");
    assertThatThrownBy(() -> Options.parse(List.of("--rate", "1", "--rate", "2"), "--rate"))
        .hasMessage("--rate: given twice");
    assertThatThrownBy(() -> Options.parse(List.of("--rate", "0"), "--rate").number("--rate", 1, 0))
        .hasMessage("--rate: expected at least 1, found 0");
    assertThatThrownBy(() -> Options.parse(List.of("--rate", "x"), "--rate").number("--rate", 1, 0))
        .hasMessage("--rate: expected a whole number, found x");
  }
}
