package io.nsm.process.runtime;

import io.nsm.process.ProcessContext;
import io.nsm.process.SharedMap;
import io.nsm.process.link.LinkLimits;
import io.nsm.process.link.RunEnvironment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What a process knows from its environment, and what it may ask of its runtime. */
final class LinkedContext implements ProcessContext {
  private static final Pattern MAP_NAME = Pattern.compile(SharedMap.NAME);

  private final RunEnvironment environment;
  private final List<String> arguments;
  private final AgentLink link;
  private final Consumer<Order> orders;
  private final Semaphore mapTurns = new Semaphore(LinkLimits.MAX_UNANSWERED_MAP_CALLS, true);

  LinkedContext(
      RunEnvironment environment, List<String> arguments, AgentLink link, Consumer<Order> orders) {
    this.environment = environment;
    this.arguments = List.copyOf(arguments);
    this.link = link;
    this.orders = orders;
  }

  @Override
  public String process() {
    return environment.process();
  }

  @Override
  public int instance() {
    return environment.instance();
  }

  @Override
  public String host() {
    return environment.host();
  }

  @Override
  public List<String> args() {
    return arguments;
  }

  @Override
  public Map<String, Integer> ports() {
    return environment.ports();
  }

  @Override
  public SharedMap map(String name) {
    if (!MAP_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' is not the name of a map: 1 to 63 characters of a-z, 0-9, '.', '_' and '-', a letter or digit first and last");
    }
    return new LinkedMap(name, link, mapTurns);
  }

  @Override
  public void complete() {
    orders.accept(new Order.Complete());
  }

  @Override
  public void fail(String reason) {
    orders.accept(new Order.Fail(reason));
  }
}
