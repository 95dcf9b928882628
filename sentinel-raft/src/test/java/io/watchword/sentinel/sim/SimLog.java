package io.watchword.sentinel.sim;

import io.watchword.sentinel.core.Applied;
import io.watchword.sentinel.core.Entry;
import io.watchword.sentinel.core.Event;
import io.watchword.sentinel.core.SentinelState;
import io.watchword.sentinel.raft.EntryCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Stands for JRaft, and is at least as hostile as Raft may be: it loses and doubles proposals,
 * deposes leaders between proposing and committing, commits a deposed leader's entry late, tells a
 * leader late that it is deposed, and restarts a member from a snapshot and the rest of the log.
 *
 * <p>What it keeps is Raft's promise: one order of entries for all, leaders only with a majority,
 * at most one leader a term, and nobody leads before having applied all that was committed.
 */
final class SimLog {
  private static final double LOST = 0.05;
  private static final double DOUBLED = 0.05;
  private static final double SURVIVES_DEPOSITION = 0.3;

  /** One member: what it has applied, and where its events go. */
  static final class Member {
    boolean alive = true;
    boolean cut;
    int applied;
    long generation;
    boolean deposed;
    Consumer<Event> inbox = e -> {};
  }

  private final Agenda agenda;
  private final BiConsumer<Entry, Applied> observer;
  private final List<Entry> committed = new ArrayList<>();
  private final List<Member> members = new ArrayList<>();
  private SentinelState truth = SentinelState.EMPTY;
  private long term;
  private int leader = -1;
  private boolean electing;

  /**
   * @param observer told of each committed entry and of what it does to a whole fold
   */
  SimLog(Agenda agenda, int size, BiConsumer<Entry, Applied> observer) {
    this.agenda = agenda;
    this.observer = observer;
    for (int i = 0; i < size; i++) {
      members.add(new Member());
    }
  }

  Member member(int i) {
    return members.get(i);
  }

  int leader() {
    return leader;
  }

  int length() {
    return committed.size();
  }

  /** The member starts, on a machine that knows nothing: a snapshot first, then the rest. */
  void start(int i, Consumer<Event> inbox) {
    Member m = members.get(i);
    m.alive = true;
    m.generation++;
    m.deposed = false;
    m.inbox = inbox;
    int snapshot = committed.isEmpty() ? 0 : agenda.below(committed.size() + 1);
    m.applied = snapshot;
    if (snapshot > 0) {
      SentinelState state = SentinelState.EMPTY;
      for (Entry entry : committed.subList(0, snapshot)) {
        state = state.apply(entry).state();
      }
      inbox.accept(new Event.Restored(snapshot, state));
    }
    deliver(i);
    elect();
  }

  void crash(int i) {
    Member m = members.get(i);
    m.alive = false;
    m.generation++;
    m.inbox = e -> {};
    if (leader == i) {
      leader = -1;
    }
    elect();
  }

  /** Connectivity changed, or somebody wants another leader. */
  void disturb() {
    if (leader >= 0 && !(standing(leader) && hasMajority())) {
      depose();
    }
    for (int i = 0; i < members.size(); i++) {
      deliver(i);
    }
    elect();
  }

  void depose() {
    if (leader >= 0) {
      Member old = members.get(leader);
      long generation = old.generation;
      old.deposed = true;
      // The old one may hear of it late, and acts as a leader meanwhile.
      agenda.after(
          agenda.happens(0.5) ? agenda.between(0, 2000) : 0,
          () -> {
            if (old.generation == generation) {
              tellDeposed(old);
            }
          });
      leader = -1;
    }
    elect();
  }

  /** Told once, and before it leads again. */
  private static void tellDeposed(Member m) {
    if (m.deposed) {
      m.deposed = false;
      m.inbox.accept(new Event.Deposed());
    }
  }

  void propose(int from, Entry entry, long proposerTerm) {
    if (agenda.happens(LOST)) {
      return;
    }
    Entry decoded = EntryCodec.decode(EntryCodec.encode(entry));
    agenda.after(agenda.between(0, 20), () -> received(from, decoded, proposerTerm));
  }

  private void received(int from, Entry entry, long proposerTerm) {
    boolean stale = proposerTerm >= 0 && proposerTerm != term;
    boolean reaches = from == leader || (leader >= 0 && standing(from) && standing(leader));
    if (stale || !reaches || !members.get(from).alive) {
      return;
    }
    long acceptedIn = term;
    agenda.after(
        agenda.between(1, 30),
        () -> {
          boolean sure = term == acceptedIn && leader >= 0 && hasMajority();
          if (sure) {
            commit(entry);
            if (agenda.happens(DOUBLED)) {
              agenda.after(agenda.between(1, 500), () -> commit(entry));
            }
          } else if (agenda.happens(SURVIVES_DEPOSITION)) {
            agenda.after(agenda.between(1, 3000), () -> commit(entry));
          }
        });
  }

  private void commit(Entry entry) {
    if (!hasMajority()) {
      return;
    }
    committed.add(entry);
    Applied applied = truth.apply(entry);
    truth = applied.state();
    observer.accept(entry, applied);
    for (int i = 0; i < members.size(); i++) {
      deliver(i);
    }
  }

  private void deliver(int i) {
    Member m = members.get(i);
    long generation = m.generation;
    agenda.after(
        agenda.between(0, 30),
        () -> {
          if (m.alive && !m.cut && m.generation == generation) {
            catchUp(m);
          }
        });
  }

  private void catchUp(Member m) {
    while (m.applied < committed.size()) {
      Entry entry = committed.get(m.applied++);
      m.inbox.accept(new Event.Committed(m.applied, entry));
    }
  }

  private boolean standing(int i) {
    return members.get(i).alive && !members.get(i).cut;
  }

  private boolean hasMajority() {
    int standing = 0;
    for (int i = 0; i < members.size(); i++) {
      standing += standing(i) ? 1 : 0;
    }
    return standing > members.size() / 2;
  }

  private void elect() {
    if (leader >= 0 || electing) {
      return;
    }
    electing = true;
    agenda.after(
        agenda.between(300, 900),
        () -> {
          electing = false;
          if (leader >= 0) {
            return;
          }
          if (!hasMajority()) {
            elect();
            return;
          }
          int next = agenda.below(members.size());
          while (!standing(next)) {
            next = (next + 1) % members.size();
          }
          leader = next;
          term++;
          tellDeposed(members.get(next));
          catchUp(members.get(next));
          members.get(next).inbox.accept(new Event.Elected(term));
          for (int i = 0; i < members.size(); i++) {
            deliver(i);
          }
        });
  }
}
