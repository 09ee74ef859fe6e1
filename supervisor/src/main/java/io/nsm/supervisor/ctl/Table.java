package io.nsm.supervisor.ctl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Lines up words in columns, two blanks apart. */
final class Table {
  private static final String GAP = "  ";

  private final List<List<Cell>> rows = new ArrayList<>();

  Table(String... headings) {
    rows.add(Arrays.stream(headings).map(heading -> new Cell(heading, Style.HEADING)).toList());
  }

  /** A word and how it looks. */
  record Cell(String text, Style style) {}

  /** A word; a dash stands for none. */
  static Cell cell(String text) {
    return cell(text, Style.PLAIN);
  }

  static Cell cell(String text, Style style) {
    return new Cell(text.isEmpty() ? "-" : text, style);
  }

  Table row(Cell... cells) {
    if (cells.length != rows.get(0).size()) {
      throw new IllegalStateException(
          "a row of " + cells.length + " cells under " + rows.get(0).size() + " headings");
    }
    rows.add(List.of(cells));
    return this;
  }

  /** The lines, each ended; no blanks at their ends. */
  String render(boolean colour) {
    int[] widths = new int[rows.get(0).size()];
    for (List<Cell> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).text().length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<Cell> row : rows) {
      text.append(line(row, widths, colour)).append('\n');
    }
    return text.toString();
  }

  private static String line(List<Cell> row, int[] widths, boolean colour) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      Cell cell = row.get(column);
      line.append(cell.style().paint(cell.text(), colour));
      if (column < widths.length - 1) {
        line.append(" ".repeat(widths[column] - cell.text().length())).append(GAP);
      }
    }
    return line.toString();
  }
}
