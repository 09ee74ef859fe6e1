package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.DoctorReport;
import io.nsm.supervisor.api.DoctorReport.Check;
import io.nsm.supervisor.api.DoctorReport.Verdict;
import java.util.List;
import java.util.Locale;

/** What was checked, as text: a line each, and below it what to do. */
record DoctorView(DoctorReport report) implements OutputOptions.View {

  @Override
  public String table(boolean wide, boolean colour) {
    StringBuilder text = new StringBuilder();
    text.append(summary()).append("\n\n");
    for (Check check : report.checks()) {
      String word = "%-4s".formatted(check.verdict().name().toLowerCase(Locale.ROOT));
      text.append(style(check.verdict()).paint(word, colour))
          .append("  %-14s%s\n".formatted(check.name(), check.text()));
      check.advice().ifPresent(advice -> text.append(" ".repeat(20)).append(advice).append('\n'));
    }
    return text.toString();
  }

  @Override
  public List<String> names() {
    return report.checks().stream()
        .filter(check -> check.verdict() != Verdict.OK)
        .map(Check::name)
        .toList();
  }

  private String summary() {
    long failed = count(Verdict.FAIL);
    long warned = count(Verdict.WARN);
    String host = report.host() + ": ";
    if (failed + warned == 0) {
      return host + "all " + Words.count(report.checks().size(), "check") + " passed";
    }
    return host + failed + " failed, " + Words.count(warned, "warning");
  }

  private long count(Verdict verdict) {
    return report.checks().stream().filter(check -> check.verdict() == verdict).count();
  }

  private static Style style(Verdict verdict) {
    return switch (verdict) {
      case OK -> Style.GOOD;
      case WARN -> Style.CAUTION;
      case FAIL -> Style.BAD;
    };
  }
}
