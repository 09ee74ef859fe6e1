package io.nsm.samples.flights;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/** The data files that come with the samples. */
public final class Shipped {

  private Shipped() {}

  public static InputStream open(String name) throws IOException {
    InputStream found = Shipped.class.getResourceAsStream(name);
    if (found == null) {
      throw new FileNotFoundException(name + ": missing from the samples' jar; build it again");
    }
    return found;
  }
}
