package io.nsm.process.runtime;

import io.nsm.process.ManagedProcess;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/** Runs a process class: {@code java ... io.nsm.process.runtime.Main <class> [argument ...]}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    if (args.length == 0) {
      throw NsmRuntime.misused(
          "no class given\nusage: " + Main.class.getName() + " <class> [argument ...]");
    }
    NsmRuntime.run(create(args[0]), Arrays.copyOfRange(args, 1, args.length));
  }

  private static ManagedProcess create(String className) {
    try {
      return Class.forName(className)
          .asSubclass(ManagedProcess.class)
          .getConstructor()
          .newInstance();
    } catch (InvocationTargetException e) {
      throw NsmRuntime.failed(className + ": its constructor failed", e.getTargetException());
    } catch (ClassNotFoundException e) {
      throw NsmRuntime.misused(className + ": no such class on the class path");
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw NsmRuntime.misused(
          className
              + ": must be a public class with a public constructor without parameters that"
              + " implements "
              + ManagedProcess.class.getName()
              + " ("
              + e
              + ")");
    }
  }
}
