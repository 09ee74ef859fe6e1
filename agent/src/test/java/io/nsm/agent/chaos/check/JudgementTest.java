package io.nsm.agent.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.agent.chaos.check.Finding.Standing;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording in which nothing is wrong, and for each check some in which something is. */
class JudgementTest {
  private final Path directory;
  private final Written written;

  JudgementTest(@TempDir Path directory) {
    this.directory = directory;
    this.written = new Written(directory).good();
  }

  private Judgement judgement() throws Exception {
    return Judgement.of(directory);
  }

  private Finding finding(String letter) throws Exception {
    return judgement().findings().stream()
        .filter(finding -> finding.check().startsWith("(" + letter + ")"))
        .findFirst()
        .orElseThrow();
  }

  /** That only this check finds something wrong, and says so. */
  private void violates(String letter, String... words) throws Exception {
    Judgement judgement = judgement();
    assertThat(
            judgement.findings().stream()
                .filter(finding -> finding.standing() == Standing.VIOLATED)
                .map(finding -> finding.check().substring(1, 2)))
        .as("%s", judgement.report())
        .containsExactly(letter);
    assertThat(finding(letter).violations().get(0).what()).contains(words);
    assertThat(judgement.exitCode()).isEqualTo(Judgement.VIOLATED);
  }

  private void holds(String letter) throws Exception {
    assertThat(finding(letter).standing()).as("%s", finding(letter)).isEqualTo(Standing.HOLDS);
  }

  @Test
  void a_recording_in_which_nothing_is_wrong_holds() throws Exception {
    Judgement judgement = judgement();

    assertThat(judgement.findings())
        .extracting(Finding::standing)
        .as("%s", judgement.report())
        .containsOnly(Standing.HOLDS);
    assertThat(judgement.exitCode()).isEqualTo(Judgement.HOLDS);
    assertThat(judgement.report())
        .anyMatch(line -> line.matches("\\(a\\) .* 1 +0  holds"))
        .anyMatch(line -> line.contains("1 keys; 0 writes of unknown outcome"));
  }

  @Test
  void two_that_act_at_once_are_found_and_their_overlap_is_told_in_ns() throws Exception {
    written.effect(1, "a", 5, 3, 2_950, 3_050);

    violates("a", "both acted for 2000000 ns", "recorder/1 (a)", "recorder/2 (b)");
  }

  @Test
  void one_that_begins_an_effect_after_its_successor_is_found_though_they_alternate()
      throws Exception {
    written.effect(1, "a", 5, 3, 4_000, 4_001);

    violates("a", "effect 3");
  }

  @Test
  void an_effect_that_took_longer_than_the_margin_is_counted_apart() throws Exception {
    written.effect(1, "a", 5, 3, 2_600, 3_600);

    holds("a");
    assertThat(finding("a").notes())
        .anyMatch(note -> note.contains("beyond the margin") && note.contains("600.000 ms"));
  }

  @Test
  void an_effect_of_which_the_end_is_not_known_counts_up_to_its_check() throws Exception {
    written.append(
        "effects-recorder-1-a.jsonl",
        "{\"t\":2000000000,\"kind\":\"effect\",\"process\":\"recorder\",\"instance\":\"recorder/1\","
            + "\"host\":\"host1\",\"run\":\"a\",\"epoch\":5,\"sequence\":3,\"checked\":3100000000}\n");

    assertThat(finding("a").notes()).anyMatch(note -> note.contains("beyond the margin"));
  }

  @Test
  void two_holders_of_one_epoch_are_found() throws Exception {
    written.activate(3, "c", 3_100, 6, Written.seen(5, 1, 10));

    violates("b", "epoch 6 was entered by recorder/2 (b) and by recorder/3 (c)");
  }

  @Test
  void an_older_epoch_that_acts_after_a_newer_one_is_found() throws Exception {
    written.start(3, "c", 15);
    written.activate(3, "c", 3_100, 4, "\"found\":false");

    holds("b");
    assertThat(finding("b").notes()).anyMatch(note -> note.contains("did nothing in it"));

    written.effect(3, "c", 4, 1, 3_101, 3_102);
    assertThat(finding("b").violations().get(0).what()).contains("epoch 4 after epoch 6");
  }

  @Test
  void a_run_that_enters_an_epoch_again_is_found() throws Exception {
    written.activate(2, "b", 3_600, 6, Written.seen(5, 1, 10));

    assertThat(finding("b").violations()).isNotEmpty();
  }

  @Test
  void one_that_acts_without_having_been_activated_is_found() throws Exception {
    written.effect(1, "z", 4, 1, 5, 6);

    violates("b", "without having been activated");
  }

  @Test
  void an_activation_that_misses_an_acknowledged_checkpoint_is_found() throws Exception {
    written.save(1, "a", 5, 2, 400, 12);
    written.saved(1, "a", 5, 2, 420, 12, "ok", "\"checkpointEpoch\":5,\"checkpointSequence\":2");

    violates("c", "the count 12 acknowledged as (5, 2)", "began with the count 10");
  }

  @Test
  void an_activation_that_misses_one_acknowledged_late_is_found_all_the_same() throws Exception {
    written.save(1, "a", 5, 2, 400, 12);
    written.saved(1, "a", 5, 2, 3_420, 12, "ok", "\"checkpointEpoch\":5,\"checkpointSequence\":2");

    violates("c", "acknowledged as (5, 2)");
  }

  @Test
  void a_save_of_unknown_outcome_may_be_seen_or_not() throws Exception {
    written.save(1, "a", 5, 2, 400, 12);
    written.saved(1, "a", 5, 2, 420, 12, "unknown", "\"why\":\"no answer\"");
    holds("c");

    written.activate(3, "c", 4_500, 7, Written.seen(6, 1, 11));
    holds("c");
    written.activate(3, "c", 4_600, 8, Written.seen(5, 2, 12));
    assertThat(finding("c").violations().get(0).what()).contains("acknowledged as (6, 1)");
  }

  @Test
  void an_activation_without_a_checkpoint_after_one_was_acknowledged_is_found() throws Exception {
    written.activate(3, "c", 4_500, 7, "\"found\":false");

    violates("c", "began with no checkpoint");
  }

  @Test
  void an_activation_with_a_state_that_nobody_saved_is_found() throws Exception {
    written.activate(3, "c", 4_500, 7, Written.seen(6, 2, 99));

    violates("c", "nobody had saved");
  }

  @Test
  void a_stale_save_that_was_acknowledged_is_found() throws Exception {
    written.save(1, "a", 5, 2, 3_050, 12);
    written.saved(1, "a", 5, 2, 3_070, 12, "ok", "\"checkpointEpoch\":5,\"checkpointSequence\":2");

    assertThat(finding("d").violations().get(0).what())
        .contains("a save of epoch 5", "had entered epoch 6");
  }

  @Test
  void a_save_that_was_asked_for_before_the_next_epoch_may_be_acknowledged_after_it()
      throws Exception {
    written.save(1, "a", 5, 2, 2_000, 10);
    written.saved(1, "a", 5, 2, 3_070, 10, "ok", "\"checkpointEpoch\":5,\"checkpointSequence\":2");

    holds("d");
  }

  @Test
  void a_save_acknowledged_as_one_of_another_epoch_is_found() throws Exception {
    written.save(2, "b", 6, 2, 3_300, 12);
    written.saved(2, "b", 6, 2, 3_320, 12, "ok", "\"checkpointEpoch\":5,\"checkpointSequence\":2");

    violates("d", "acknowledged as (5, 2)");
  }

  @Test
  void a_stale_fenced_write_that_was_acknowledged_is_found() throws Exception {
    written.fenced(1, "a", 5, 2, 3_700, "f3");
    written.map(1, "ok", 3_710, "fenced", "r1", 2, "put", "\"epoch\":5,\"version\":5");

    violates("d", "a write of epoch 5 on shared/fenced was acknowledged");
  }

  @Test
  void a_stale_fenced_write_of_unknown_outcome_is_found_by_what_was_read_of_it() throws Exception {
    written.fenced(1, "a", 5, 2, 950, "f3");
    written.map(1, "fail", 960, "fenced", "r1", 2, "put", "\"epoch\":5,\"fenced\":false");
    written.get(3_800, 3_801, 3, "f3", 5);

    violates("d", "took effect over one of epoch 6");
  }

  @Test
  void a_stale_read_of_a_map_is_found() throws Exception {
    written.get(3_800, 3_801, 3, "f1", 3);

    violates("e", "shared/fenced", "Read[value=f1", "[f2]");
    assertThat(judgement().report())
        .anyMatch(line -> line.startsWith(">>> shared/fenced"))
        .anyMatch(line -> line.contains("host2") && line.contains("put value=f2 epoch=6"))
        .anyMatch(line -> line.contains("fault=kill"));
  }

  @Test
  void two_compare_and_sets_that_both_succeeded_are_found() throws Exception {
    String change = "\"value\":\"%s\",\"expected\":\"f2\",\"version\":4";
    written.map(3, "invoke", 4_000, "fenced", "x", 1, "replace", change.formatted("x1"));
    written.map(3, "invoke", 4_000, "fenced", "y", 1, "replace", change.formatted("y1"));
    written.map(3, "ok", 4_010, "fenced", "x", 1, "replace", "\"done\":true");
    written.map(3, "ok", 4_010, "fenced", "y", 1, "replace", "\"done\":true");

    violates("e", "Replaced[expected=f2");
  }

  @Test
  void what_was_removed_and_read_again_is_found() throws Exception {
    written.map(3, "invoke", 4_000, "fenced", "x", 1, "remove", "\"x\":1");
    written.map(3, "ok", 4_010, "fenced", "x", 1, "remove", "\"done\":true");
    written.get(4_020, 4_030, 4, "f2", 4);

    violates("e", "Read[value=f2");
  }

  @Test
  void a_history_that_cannot_be_decided_within_the_bound_is_not_passed() throws Exception {
    Finding finding = MapsCheck.judge(RecordingFiles.read(directory), 2);

    assertThat(finding.standing()).isEqualTo(Standing.NOT_JUDGED);
    assertThat(finding.undecided().orElse("")).contains("NOT DECIDED");
  }

  @Test
  void a_process_that_is_not_as_declared_at_the_end_is_found() throws Exception {
    written.end(false, "\"recorder has no active instance\"", false);

    violates("f", "no active instance");
  }

  @Test
  void a_process_that_was_left_behind_is_found() throws Exception {
    written.leaks("\"123 java Recorder\"");

    violates("g", "123 java Recorder");
  }

  @Test
  void a_recovery_that_took_too_long_or_never_came_is_found() throws Exception {
    written.fault(
        "{\"t\":4100000000,\"kind\":\"recovered\",\"round\":2,\"took\":3100000000,"
            + "\"bound\":3000000000}");
    violates("h", "round=2", "3100.000 ms");

    written.fault(
        "{\"t\":4200000000,\"kind\":\"unrecovered\",\"round\":3,\"bound\":3000000000,"
            + "\"why\":\"no active recorder\"}");
    assertThat(finding("h").violations()).hasSize(2);
  }

  @Test
  void a_run_that_was_interrupted_is_judged_as_far_as_it_goes_and_not_passed() throws Exception {
    written.remove("final.json");
    written.remove("leaks.json");

    assertThat(judgement().exitCode()).isEqualTo(Judgement.NOT_JUDGED);
    assertThat(judgement().report()).anyMatch(line -> line.contains("[final.json, leaks.json]"));
    holds("a");
  }

  @Test
  void a_check_that_had_nothing_to_look_at_is_not_passed() throws Exception {
    for (String file : List.of("effects-recorder-2-b", "saves-recorder-1-a")) {
      written.remove(file + ".jsonl");
    }
    written.remove("saves-recorder-2-b.jsonl");

    assertThat(finding("a").undecided()).contains("there were no handovers");
    assertThat(finding("c").standing()).isEqualTo(Standing.NOT_JUDGED);
    assertThat(judgement().exitCode()).isEqualTo(Judgement.NOT_JUDGED);
  }

  @Test
  void a_line_cut_short_at_the_end_is_passed_over_and_one_before_it_is_an_error() throws Exception {
    written.append("faults.jsonl", "{\"t\":5,\"ki");
    assertThat(judgement().exitCode()).isEqualTo(Judgement.HOLDS);

    written.append("faults.jsonl", "\n");
    assertThatThrownBy(this::judgement)
        .isInstanceOf(MalformedRecordingException.class)
        .hasMessageContaining("faults.jsonl:3");
  }

  @Test
  void the_program_tells_what_it_found_and_ends_with_the_code_for_it(@TempDir Path empty) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream to = new PrintStream(out, true, StandardCharsets.UTF_8);

    assertThat(CheckMain.run(new String[] {directory.toString()}, to, to)).isZero();
    assertThat(CheckMain.run(new String[] {empty.toString()}, to, to)).isEqualTo(2);
    assertThat(CheckMain.run(new String[] {}, to, to)).isEqualTo(2);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("seed 7, 3 hosts, profile fast, 1 faults")
        .contains("not the recording of a chaos run")
        .contains("usage");
  }
}
