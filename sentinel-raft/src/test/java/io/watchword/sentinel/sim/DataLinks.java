package io.watchword.sentinel.sim;

import io.watchword.sentinel.core.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** The links by which replicas copy their masters: they lag, they are cut, and they heal. */
final class DataLinks {
  private final Agenda agenda;
  private final List<ModelNode> nodes;
  private final boolean lag;
  private final TreeSet<String> cuts = new TreeSet<>();
  private int cutWhileOpen;

  /**
   * @param lag whether only some of what is on its way arrives at a time
   */
  DataLinks(Agenda agenda, List<ModelNode> nodes, boolean lag) {
    this.agenda = agenda;
    this.nodes = nodes;
    this.lag = lag;
  }

  /** Cuts the link from one node to another, or heals it. */
  void flip(int from, int to) {
    String link = from + " " + to;
    if (!cuts.remove(link)) {
      cuts.add(link);
    }
  }

  void heal() {
    cuts.clear();
  }

  /**
   * Each replica's link goes down soon with some chance, mostly for a short while.
   *
   * @param open whether it is still of interest when the time has come
   */
  void cutSome(BooleanSupplier open) {
    for (ModelNode node : nodes) {
      if (!node.master && agenda.happens(0.4)) {
        agenda.after(
            agenda.between(0, 150),
            () -> {
              if (open.getAsBoolean() && node.source.isPresent()) {
                cut(node.number + " " + at(node.source.get()).number);
              }
            });
      }
    }
  }

  private void cut(String link) {
    if (cuts.add(link)) {
      cutWhileOpen++;
      agenda.after(agenda.between(50, 4000), () -> cuts.remove(link));
    }
  }

  /** How often {@link #cutSome} has cut a link. */
  int cutWhileOpen() {
    return cutWhileOpen;
  }

  /** A replica takes what arrives of what its master has, or starts over. */
  void copy(ModelNode node) {
    for (ModelNode other : nodes) {
      other.attached.remove(node.address);
    }
    node.linkUp = false;
    if (!node.replicates()) {
      return;
    }
    ModelNode from = at(node.source.get());
    if (from.alive && !cuts.contains(node.number + " " + from.number)) {
      from.attached.add(node.address);
      node.linkUp = true;
      boolean behind = from.data.size() > node.data.size();
      boolean prefix = behind && node.data.equals(from.data.subList(0, node.data.size()));
      if (lag && prefix && agenda.happens(0.6)) {
        int more = agenda.below(from.data.size() - node.data.size() + 1);
        node.data = new ArrayList<>(from.data.subList(0, node.data.size() + more));
      } else {
        node.data = new ArrayList<>(from.data);
      }
      node.replid = from.replid;
    }
  }

  private ModelNode at(Address address) {
    return nodes.stream().filter(n -> n.address.equals(address)).findFirst().orElseThrow();
  }
}
