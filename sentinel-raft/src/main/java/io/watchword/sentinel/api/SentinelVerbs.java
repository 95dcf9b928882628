package io.watchword.sentinel.api;

import io.watchword.bytes.Bytes;
import io.watchword.sentinel.core.Address;
import io.watchword.sentinel.core.MasterState;
import io.watchword.sentinel.core.Member;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** SENTINEL and ROLE. */
final class SentinelVerbs {
  private interface OfMaster {
    void run(Session session, MasterState master);
  }

  private record Sub(int arity, int arityMax, Verb.Body body) {
    Sub(int arity, Verb.Body body) {
      this(arity, arity, body);
    }
  }

  private final ApiServer server;
  private final Map<String, Sub> subs = new LinkedHashMap<>();

  private SentinelVerbs(ApiServer server) {
    this.server = server;
    subs.put("masters", new Sub(2, (s, a) -> masters(s)));
    subs.put("master", ofMaster((s, m) -> instances().master(m).write(s.out)));
    subs.put("replicas", ofMaster(this::replicas));
    subs.put("slaves", ofMaster(this::replicas));
    subs.put("sentinels", ofMaster(this::sentinels));
    subs.put("ckquorum", ofMaster(this::checkQuorum));
    subs.put("failover", new Sub(3, 4, this::failover));
    subs.put("get-master-addr-by-name", new Sub(3, this::address));
    subs.put("myid", new Sub(2, (s, a) -> s.out.bulk(machineId())));
  }

  static List<Verb> of(ApiServer server) {
    SentinelVerbs v = new SentinelVerbs(server);
    return List.of(new Verb("sentinel", -2, v::sentinel), new Verb("role", 1, v::role));
  }

  private void sentinel(Session s, List<Bytes> args) {
    String name = args.get(1).toString().toLowerCase(Locale.ROOT);
    Sub sub = subs.get(name);
    if (sub == null) {
      s.out.error("ERR unknown subcommand '" + args.get(1) + "'. Try SENTINEL HELP.");
    } else if (args.size() < sub.arity() || args.size() > sub.arityMax()) {
      s.out.error("ERR wrong number of arguments for 'sentinel|" + name + "' command");
    } else {
      sub.body().run(s, args);
    }
  }

  private Sub ofMaster(OfMaster body) {
    return new Sub(
        3,
        (s, args) -> {
          MasterState m = server.context().machine().state().masters().get(args.get(2).toString());
          if (m == null) {
            s.out.error("ERR No such master with that name");
          } else {
            body.run(s, m);
          }
        });
  }

  private Instances instances() {
    Context c = server.context();
    return new Instances(c.machine(), c.hasLeader().getAsBoolean());
  }

  private String machineId() {
    return server.context().machine().self().member().id();
  }

  private void masters(Session s) {
    Map<String, MasterState> masters = server.context().machine().state().masters();
    s.out.array(masters.size());
    masters.values().forEach(m -> instances().master(m).write(s.out));
  }

  private void replicas(Session s, MasterState m) {
    s.out.array(m.replicas().size());
    for (Address replica : m.replicas()) {
      instances().replica(m, replica).write(s.out);
    }
  }

  private void sentinels(Session s, MasterState m) {
    List<Member> others = instances().others();
    s.out.array(others.size());
    others.forEach(member -> instances().sentinel(m, member).write(s.out));
  }

  private void address(Session s, List<Bytes> args) {
    MasterState m = server.context().machine().state().masters().get(args.get(2).toString());
    if (m == null) {
      s.out.nilArray();
      return;
    }
    s.out.array(2);
    s.out.bulk(m.master().host());
    s.out.bulk(Integer.toString(m.master().port()));
  }

  /**
   * {@code SENTINEL FAILOVER name [FORCE|COORDINATED]}; coordinated unless it is told otherwise.
   */
  private void failover(Session s, List<Bytes> args) {
    String mode = args.size() == 3 ? "" : args.get(3).toString().toUpperCase(Locale.ROOT);
    if (!List.of("", "FORCE", "COORDINATED").contains(mode)) {
      s.out.error("ERR syntax error");
      return;
    }
    server.failOver(s, args.get(2).toString(), mode.equals("FORCE"));
  }

  private void checkQuorum(Session s, MasterState m) {
    Instances all = instances();
    int usable = all.usable();
    boolean quorum = usable >= m.config().quorum();
    boolean authority = all.canAuthorize(server.context().raftMembers().size());
    if (quorum && authority) {
      s.out.simple(
          "OK " + usable + " usable Sentinels. Quorum and failover authorization can be reached");
      return;
    }
    StringBuilder text = new StringBuilder("NOQUORUM " + usable + " usable Sentinels. ");
    if (!quorum) {
      text.append("Not enough available Sentinels to reach the specified quorum for this master");
    }
    if (!authority) {
      text.append(quorum ? "" : ". ");
      text.append("Not enough available Sentinels to reach the majority and authorize a failover");
    }
    s.out.error(text.toString());
  }

  private void role(Session s, List<Bytes> args) {
    Map<String, MasterState> masters = server.context().machine().state().masters();
    s.out.array(2);
    s.out.bulk("sentinel");
    s.out.array(masters.size());
    masters.keySet().forEach(s.out::bulk);
  }
}
