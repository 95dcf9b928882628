package io.watchword.sim;

import io.watchword.replication.ReplicationSettings;
import io.watchword.replication.Rules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One seed of replication: first things break at random, writes included, then everything is
 * healed, one master is named, and all nodes must come to hold the same data under the same name.
 */
public final class ReplicationRun {
  private static final int HEAL_MS_MAX = 60_000;

  private final Sim sim;
  private final SimNet net;
  private final List<SimNode> nodes = new ArrayList<>();
  private final Map<String, StringBuilder> traces = new LinkedHashMap<>();
  private int tokens;

  /** A run; {@code rules} are {@link Rules#REAL} but to show what a rule is for. */
  public ReplicationRun(long seed, Rules rules) {
    sim = new Sim(seed);
    net = new SimNet(sim);
    ReplicationSettings settings =
        new ReplicationSettings(
            sim.oneIn(3) ? 200 : 20_000, 40_000, 4_000, 1_000, sim.oneIn(2), sim.between(0, 600));
    int count = sim.between(2, 5);
    for (int i = 0; i < count; i++) {
      String host = Character.toString('a' + i);
      StringBuilder trace = new StringBuilder();
      SimNode node = new SimNode(sim, net, host, rules, settings, trace);
      traces.put(node.name(), trace);
      nodes.add(node);
    }
  }

  /** Runs both phases and returns what is wrong at the end, or an empty text. */
  public String run() {
    nodes.get(0).start("");
    for (int i = 1; i < nodes.size(); i++) {
      nodes.get(i).start(nodes.get(sim.random().nextInt(i)).host());
    }
    for (int step = 0; step < 60; step++) {
      breakSomething();
      sim.run(sim.between(0, sim.oneIn(4) ? 3_000 : 300));
    }
    return heal();
  }

  /** The trace of each node, by its name: lines of {@link io.watchword.os.NdjsonTrace}. */
  public Map<String, StringBuilder> traces() {
    return traces;
  }

  /** The logs of all nodes, one after the other. */
  List<String> log() {
    List<String> all = new ArrayList<>();
    nodes.forEach(node -> all.addAll(node.log()));
    return all;
  }

  private void breakSomething() {
    switch (sim.random().nextInt(13)) {
      case 0 -> net.cut(any().name(), any().name());
      case 1 -> net.heal(any().name(), any().name());
      case 2 -> any().save();
      case 3 -> {
        SimNode node = any();
        if (node.isUp()) {
          node.crash();
        }
      }
      case 4 -> any().promote();
      case 5 -> failOver(any());
      case 6 -> rehome();
      case 7 -> loseTheLastWrites();
      default -> writeSomewhere();
    }
  }

  /** Clients write to whoever is a master; in a partition that may be two. */
  private void writeSomewhere() {
    for (SimNode node : nodes) {
      if (node.isMaster() && !sim.oneIn(3)) {
        write(node, sim.between(1, 6));
      }
    }
  }

  /** A master falls back to its save, and writes anew before its replicas ask again. */
  private void loseTheLastWrites() {
    SimNode node = any();
    if (node.isMaster()) {
      node.save();
      write(node, 3);
      sim.run(sim.between(1, 200));
      if (node.isUp()) {
        node.crash(() -> write(node, 6));
      }
    }
  }

  private void write(SimNode node, int writes) {
    if (node.isMaster()) {
      for (int i = 0; i < writes; i++) {
        node.write(sim.oneIn(4) ? 1 : 0, ++tokens + ",", sim.oneIn(3) ? 3 : 1);
      }
      node.turnEnded();
    }
  }

  private void failOver(SimNode master) {
    master.promote();
    for (SimNode node : nodes) {
      // Some are told late or never, as when the sentinels cannot reach them.
      if (node != master && !sim.oneIn(4)) {
        node.follow(master.host());
      }
    }
  }

  /** Turns the cluster into a random tree; parents come first, so that no two follow each other. */
  private void rehome() {
    for (int i = 1; i < nodes.size(); i++) {
      if (!nodes.get(i).isMaster()) {
        nodes.get(i).follow(nodes.get(sim.random().nextInt(i)).host());
      }
    }
  }

  private String heal() {
    net.healAll();
    sim.run(5_000);
    // A node that loads takes no order; whoever gives one asks again until it does.
    for (int waited = 0; waited < HEAL_MS_MAX && !isEveryNodeReady(); waited += 50) {
      sim.run(50);
    }
    SimNode master = any();
    master.promote();
    for (SimNode node : nodes) {
      if (node != master) {
        node.follow(master.host());
      }
    }
    sim.run(2_000);
    master.write(0, "last", 1);
    master.turnEnded();
    for (int waited = 0; waited < HEAL_MS_MAX; waited += 1_000) {
      sim.run(1_000);
      if (difference(master).isEmpty()) {
        return "";
      }
    }
    return difference(master);
  }

  private boolean isEveryNodeReady() {
    return nodes.stream().allMatch(SimNode::takesOrders);
  }

  private String difference(SimNode master) {
    for (SimNode node : nodes) {
      String wanted = master.replication().status().history().replid();
      if (!node.replication().status().isLinkUp()) {
        return node.name() + " is not attached";
      }
      if (!node.replication().status().history().replid().equals(wanted)) {
        return node.name() + " bears another replid than " + master.name();
      }
      if (!node.content().equals(master.content())) {
        return node.name() + " holds other data than " + master.name();
      }
    }
    return "";
  }

  private SimNode any() {
    return nodes.get(sim.random().nextInt(nodes.size()));
  }
}
