package io.watchword.command.server;

import io.watchword.command.Arg;
import io.watchword.command.Command;
import io.watchword.command.Flag;
import io.watchword.command.KeySpec;
import io.watchword.resp.RespWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A row in the forms of COMMAND INFO and COMMAND DOCS. */
final class CommandReply {
  private CommandReply() {}

  /** Name, arity, flags, first key, last key, step, categories, tips, key specs, subcommands. */
  static void info(RespWriter reply, Command row) {
    reply.array(10);
    reply.bulk(row.fullWord());
    reply.integer(row.arity());
    reply.set(row.flags().size());
    for (Flag flag : row.flags()) {
      reply.simple(flag.word());
    }
    KeySpec first = row.keys().isEmpty() ? null : row.keys().get(0);
    reply.integer(first == null ? 0 : first.first());
    reply.integer(first == null ? 0 : row.keys().get(row.keys().size() - 1).last());
    reply.integer(first == null ? 0 : first.step());
    reply.set(row.categories().size());
    row.categories().forEach(reply::simple);
    reply.set(0);
    reply.set(row.keys().size());
    row.keys().forEach(spec -> keySpec(reply, spec));
    reply.array(row.subcommands().size());
    row.subcommands().forEach(sub -> info(reply, sub));
  }

  private static void keySpec(RespWriter reply, KeySpec spec) {
    reply.map(3);
    reply.bulk("flags");
    reply.set(spec.flags().size());
    spec.flags().forEach(reply::simple);
    reply.bulk("begin_search");
    reply.map(2);
    reply.bulk("type");
    reply.bulk("index");
    reply.bulk("spec");
    reply.map(1);
    reply.bulk("index");
    reply.integer(spec.first());
    reply.bulk("find_keys");
    reply.map(2);
    reply.bulk("type");
    reply.bulk("range");
    reply.bulk("spec");
    reply.map(3);
    reply.bulk("lastkey");
    // From the end when negative, else from the first key.
    reply.integer(spec.last() < 0 ? spec.last() : spec.last() - spec.first());
    reply.bulk("keystep");
    reply.integer(spec.step());
    reply.bulk("limit");
    reply.integer(0);
  }

  /** The name, then a map of what the row says. */
  static void docs(RespWriter reply, Command row) {
    reply.bulk(row.fullWord());
    boolean args = !row.args().isEmpty();
    boolean subs = !row.subcommands().isEmpty();
    reply.map(4 + (args ? 1 : 0) + (subs ? 1 : 0));
    field(reply, "summary", row.summary());
    field(reply, "since", row.since());
    field(reply, "group", row.group().word());
    field(reply, "complexity", row.complexity());
    if (args) {
      reply.bulk("arguments");
      reply.array(row.args().size());
      row.args().forEach(arg -> argument(reply, arg, new ArrayList<>()));
    }
    if (subs) {
      reply.bulk("subcommands");
      reply.map(row.subcommands().size());
      row.subcommands().forEach(sub -> docs(reply, sub));
    }
  }

  private static void field(RespWriter reply, String name, String value) {
    reply.bulk(name);
    reply.bulk(value);
  }

  private static void argument(RespWriter reply, Arg arg, List<String> flags) {
    if (arg instanceof Arg.Optional optional) {
      flags.add("optional");
      argument(reply, optional.inner(), flags);
    } else if (arg instanceof Arg.Many many) {
      flags.add("multiple");
      argument(reply, many.inner(), flags);
    } else if (arg instanceof Arg.Word word) {
      head(reply, word.word().toLowerCase(Locale.ROOT), "pure-token", 1, flags);
      field(reply, "token", word.word());
      flags(reply, flags);
    } else if (arg instanceof Arg.Value value) {
      boolean key = value.kind().equals("key");
      head(reply, value.name(), value.kind(), key ? 1 : 0, flags);
      if (key) {
        reply.bulk("key_spec_index");
        reply.integer(0);
      }
      flags(reply, flags);
    } else if (arg instanceof Arg.OneOf oneOf) {
      parts(reply, oneOf.name(), "oneof", oneOf.choices(), flags);
    } else {
      Arg.Block block = (Arg.Block) arg;
      parts(reply, block.name(), "block", block.parts(), flags);
    }
  }

  private static void parts(
      RespWriter reply, String name, String type, List<Arg> parts, List<String> flags) {
    head(reply, name, type, 1, flags);
    flags(reply, flags);
    reply.bulk("arguments");
    reply.array(parts.size());
    parts.forEach(part -> argument(reply, part, new ArrayList<>()));
  }

  /** Opens the map of an argument that has {@code more} fields besides name, type and flags. */
  private static void head(
      RespWriter reply, String name, String type, int more, List<String> flags) {
    reply.map(2 + more + (flags.isEmpty() ? 0 : 1));
    field(reply, "name", name);
    field(reply, "type", type);
  }

  private static void flags(RespWriter reply, List<String> flags) {
    if (!flags.isEmpty()) {
      reply.bulk("flags");
      reply.set(flags.size());
      flags.forEach(reply::simple);
    }
  }
}
