package io.nsm.supervisor.ctl;

/** {@code nsmctl}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    int code = new Nsmctl(Surroundings.ofThisProgram()).run(args);
    System.out.flush();
    System.exit(code);
  }
}
