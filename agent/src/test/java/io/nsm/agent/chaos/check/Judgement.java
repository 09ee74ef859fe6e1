package io.nsm.agent.chaos.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What all checks came to for one recording, and how that is told. */
public final class Judgement {
  /** How {@code scripts/chaos check} ends. */
  public static final int HOLDS = 0;

  public static final int VIOLATED = 1;
  public static final int NOT_JUDGED = 2;

  private static final int MOST_SHOWN = 10;

  private final Recording recording;
  private final List<Finding> findings;

  private Judgement(Recording recording) {
    this.recording = recording;
    this.findings =
        List.of(
            ActingCheck.judge(recording),
            EpochCheck.judge(recording),
            CheckpointCheck.judge(recording),
            FenceCheck.judge(recording),
            MapsCheck.judge(recording),
            EndChecks.asDeclared(recording),
            EndChecks.nothingLeft(recording),
            EndChecks.recovered(recording));
  }

  /**
   * Judges the recording in a directory.
   *
   * @throws MalformedRecordingException if the files there cannot be understood
   */
  public static Judgement of(Path directory) throws MalformedRecordingException, IOException {
    return new Judgement(RecordingFiles.read(directory));
  }

  List<Finding> findings() {
    return findings;
  }

  /**
   * One of the exit codes above: 1 if anything is violated; 2 if nothing is but a check had nothing
   * to look at or could not decide; 0 if all was judged and holds.
   */
  public int exitCode() {
    if (findings.stream().anyMatch(one -> one.standing() == Finding.Standing.VIOLATED)) {
      return VIOLATED;
    }
    return findings.stream().anyMatch(one -> one.standing() == Finding.Standing.NOT_JUDGED)
        ? NOT_JUDGED
        : HOLDS;
  }

  /** The table, what is wrong, and the timeline around the first violation. */
  public List<String> report() {
    List<String> lines = new ArrayList<>();
    Recording.Facts facts = recording.facts();
    long injected =
        recording.faults().stream().filter(event -> event.kind().equals("begin")).count();
    lines.add(
        "seed "
            + facts.seed()
            + ", "
            + facts.hosts()
            + " hosts, profile "
            + facts.profile()
            + ", "
            + injected
            + " faults");
    if (!recording.missing().isEmpty()) {
      lines.add("missing, so the run was interrupted or kept nothing: " + recording.missing());
    }
    lines.add("");
    lines.add(row("check", "examined", "violations", ""));
    for (Finding finding : findings) {
      lines.add(
          row(
              finding.check(),
              Long.toString(finding.examined()),
              Integer.toString(finding.violations().size()),
              finding.standing().word));
    }
    for (Finding finding : findings) {
      tell(finding, lines);
    }
    findings.stream()
        .flatMap(finding -> finding.violations().stream())
        .min(Comparator.comparingLong(Violation::to))
        .ifPresent(
            first -> {
              lines.add("");
              lines.add("around the first violation, milliseconds from where it began:");
              lines.addAll(Timeline.around(first, recording));
            });
    return lines;
  }

  private static void tell(Finding finding, List<String> lines) {
    if (finding.violations().isEmpty()
        && finding.undecided().isEmpty()
        && finding.notes().isEmpty()) {
      return;
    }
    lines.add("");
    lines.add(finding.check() + ": " + finding.standing().word);
    finding.undecided().ifPresent(why -> lines.add("  not judged: " + why));
    finding.violations().stream()
        .limit(MOST_SHOWN)
        .forEach(violation -> lines.add("  ! " + violation.what()));
    if (finding.violations().size() > MOST_SHOWN) {
      lines.add("  ! and " + (finding.violations().size() - MOST_SHOWN) + " more");
    }
    finding.notes().stream().limit(MOST_SHOWN).forEach(note -> lines.add("  " + note));
  }

  private static String row(String check, String examined, String violations, String standing) {
    return String.format(Locale.ROOT, "%-46s %10s %11s  %s", check, examined, violations, standing)
        .stripTrailing();
  }
}
