package io.nsm.agent.lifecycle;

import static io.nsm.agent.lifecycle.Given.WORKER;
import static io.nsm.agent.lifecycle.Given.grant;
import static io.nsm.agent.lifecycle.Given.run;

import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.InstanceReport;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A course of events of one instance, with a clock that is moved. Times are milliseconds. */
final class Course {
  private static final long MILLIS = 1_000_000;

  private final List<Order> orders = new ArrayList<>();
  private final List<Order.Tell> told = new ArrayList<>();
  private Goal goal;
  private Instance instance;
  private long now;
  private long runs = 1;

  private Course(ProcessSpec spec) {
    goal = new Goal(spec, true, 1, 0);
    instance = Instance.placed(WORKER, goal, run(1), 0);
  }

  /** Placed, and nothing known of what is wanted yet. */
  static Course placed(ProcessSpec spec) {
    return new Course(spec);
  }

  /** Wanted to run. */
  static Course wanted(ProcessSpec spec) {
    Course course = new Course(spec);
    return course.want(course.goal);
  }

  /** Its run 1 lives and is ready. */
  static Course ready(ProcessSpec spec) {
    return wanted(spec).launchedAndReady(run(1));
  }

  /** Its run 1 acts in epoch 1 until 1000. */
  static Course acting(ProcessSpec spec) {
    Course course = ready(spec).mayAct(1, 1_000);
    return course.happens(new Event.Activated(run(1), new Epoch(1)));
  }

  Course launchedAndReady(RunId run) {
    happens(new Event.Launched(run, 4_000 + run.counter()));
    return happens(new Event.Ready(run));
  }

  Course want(Goal goal) {
    this.goal = goal;
    return happens(new Event.Wanted(goal));
  }

  Course mayAct(long epoch, long deadline) {
    return mayAct(run(1), epoch, deadline);
  }

  Course mayAct(RunId run, long epoch, long deadline) {
    return happens(new Event.MayAct(grant(run, epoch), deadline * MILLIS, Optional.empty()));
  }

  Course exits(RunId run, int code) {
    return happens(new Event.Exited(run, code, "EXIT_" + code, 77, 0.5));
  }

  Course stop() {
    return want(goal.stopped());
  }

  Course at(long millis) {
    now = millis * MILLIS;
    return happens(new Event.Tick());
  }

  Course happens(Event event) {
    RunId fresh = run(runs + 1);
    Lifecycle.Step step = Lifecycle.step(instance, event, now, fresh);
    instance = step.instance();
    if (instance.next().equals(fresh)) {
      runs++;
    }
    for (Order order : step.orders()) {
      if (order instanceof Order.Tell tell) {
        told.add(tell);
      } else {
        orders.add(order);
      }
    }
    return this;
  }

  /** What was ordered since this was asked last, without what people are told. */
  List<Order> orders() {
    List<Order> newest = List.copyOf(orders);
    orders.clear();
    return newest;
  }

  List<String> told() {
    return told.stream().map(Order.Tell::kind).toList();
  }

  String lastTold() {
    return told.get(told.size() - 1).text();
  }

  Goal goal() {
    return goal;
  }

  Instance instance() {
    return instance;
  }

  InstanceReport report() {
    return instance.report(now);
  }

  boolean nothingActsUnder(RunId run, long epoch, long marginMillis) {
    return instance.nothingActsUnder(grant(run, epoch), marginMillis * MILLIS, now);
  }

  static long nanos(long millis) {
    return millis * MILLIS;
  }
}
