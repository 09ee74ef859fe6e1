package io.nsm.supervisor.config;

/**
 * Where something stands.
 *
 * @param source the file as it was given, or the name of what else was read
 * @param line from 1; 0 where the whole source is meant
 * @param column from 1, in characters; 0 where the whole source is meant
 */
public record Place(String source, int line, int column) {

  /** The source as a whole. */
  static Place of(String source) {
    return new Place(source, 0, 0);
  }

  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line + ":" + column;
  }
}
