package io.watchword.sentinel.core;

import java.util.ArrayList;
import java.util.List;

/**
 * The events that follow from one applied entry. Every sentinel derives them from the log, so all
 * publish the same ones in the same order, the switch as soon as it is decided (a leader of Redis
 * Sentinel publishes its own only after the replicas are re-pointed).
 */
final class Announcements {
  private Announcements() {}

  static List<Announcement> of(SentinelState before, SentinelState after, String self) {
    List<Announcement> out = new ArrayList<>();
    for (MasterState now : after.masters().values()) {
      MasterState was = before.masters().get(now.name());
      if (was == null) {
        out.add(Announcement.monitored(now.name(), now.master(), now.config().quorum()));
        replicas(MasterState.watched(now.name(), now.master(), now.config()), now, out);
      } else if (!was.equals(now)) {
        changed(was, now, out);
      }
      boolean isNew = was == null;
      joined(isNew ? SentinelState.EMPTY : before, after, now, self, out);
    }
    return out;
  }

  private static void joined(
      SentinelState before,
      SentinelState after,
      MasterState master,
      String self,
      List<Announcement> out) {
    for (Member m : after.sentinels().values()) {
      if (!m.id().equals(self) && !before.sentinels().containsKey(m.id())) {
        out.add(
            Announcement.ofSentinel(
                "+sentinel", Announcement.Level.NOTICE, m, master.name(), master.master()));
      }
    }
  }

  private static void changed(MasterState was, MasterState now, List<Announcement> out) {
    replicas(was, now, out);
    String votes = "quorum " + now.votes().size() + "/" + now.config().quorum();
    if (now.isObjectivelyDown() && !was.isObjectivelyDown()) {
      out.add(Announcement.ofMaster("+odown", now.name(), now.master(), votes));
    }
    if (!now.isObjectivelyDown() && was.isObjectivelyDown() && now.master().equals(was.master())) {
      out.add(Announcement.ofMaster("-odown", now.name(), now.master(), ""));
    }
    if (now.epoch() > was.epoch()) {
      out.add(Announcement.newEpoch(now.epoch()));
      out.add(Announcement.ofMaster("+try-failover", now.name(), was.master(), ""));
      out.add(Announcement.ofMaster("+elected-leader", now.name(), was.master(), ""));
      out.add(Announcement.ofMaster("+failover-state-select-slave", now.name(), was.master(), ""));
    }
    // A snapshot may have skipped the entry that opened the failover, or even opened the next one.
    boolean failedOver = was.failover().isPresent() || now.epoch() > was.epoch();
    boolean ended = failedOver && now.failover().isEmpty();
    boolean stayed = was.isHandingOver() && was.master().equals(now.master());
    if (ended && stayed) {
      // Redis's name for a replica that did not come to be promoted in time.
      out.add(Announcement.ofMaster("-failover-abort-slave-timeout", now.name(), now.master(), ""));
    } else if (ended || !was.master().equals(now.master())) {
      switched(was, now, out);
    }
  }

  private static void switched(MasterState was, MasterState now, List<Announcement> out) {
    Address old = was.master();
    out.add(
        Announcement.ofReplica(
            "+selected-slave", Announcement.Level.WARNING, now.master(), now.name(), old));
    out.add(
        Announcement.ofReplica(
            "+promoted-slave", Announcement.Level.WARNING, now.master(), now.name(), old));
    out.add(Announcement.ofMaster("+failover-end", now.name(), old, ""));
    out.add(Announcement.switched(now.name(), old, now.master()));
    for (Address replica : now.replicas()) {
      out.add(
          Announcement.ofReplica(
              "+slave", Announcement.Level.NOTICE, replica, now.name(), now.master()));
    }
  }

  private static void replicas(MasterState was, MasterState now, List<Announcement> out) {
    if (!was.master().equals(now.master())) {
      return;
    }
    for (Address replica : now.replicas()) {
      if (!was.replicas().contains(replica)) {
        out.add(
            Announcement.ofReplica(
                "+slave", Announcement.Level.NOTICE, replica, now.name(), now.master()));
      }
    }
  }
}
