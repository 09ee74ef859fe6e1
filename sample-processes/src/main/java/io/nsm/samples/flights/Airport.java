package io.nsm.samples.flights;

/** Where an airport is; all but the code empty if it is not known. */
public record Airport(String iata, String name, String city, String state) {

  public static Airport unknown(String iata) {
    return new Airport(iata, "", "", "");
  }
}
