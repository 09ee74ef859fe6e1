package io.nsm.samples.flights;

/**
 * How far a file of flights was read.
 *
 * @param offset bytes before the first row that was not read
 * @param line the number, from 1, of the line at that offset
 * @param batch the number, from 0, of the batch that begins there
 */
public record Position(long offset, long line, long batch) {

  public static final Position START = new Position(0, 1, 0);

  public Position {
    if (offset < 0 || line < 1 || batch < 0) {
      throw new IllegalArgumentException(
          "not a position: offset " + offset + ", line " + line + ", batch " + batch);
    }
  }
}
