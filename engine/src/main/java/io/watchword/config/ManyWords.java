package io.watchword.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The kinds of value that take several words on a line. Error texts are those of Redis 7. */
public final class ManyWords {
  private static final int ADDRESSES_MAX = 16;
  private static final int PORT_MAX = 65535;

  private ManyWords() {}

  /** When to save: after {@code seconds} if at least {@code changes} changes were made. */
  public record SavePoint(long seconds, long changes) {}

  /** Where another node listens; the host is a name or an address. */
  public record HostPort(String host, int port) {
    @Override
    public String toString() {
      return host + " " + port;
    }
  }

  /**
   * Pairs of seconds and changes; {@code ""} for none. In a file each further line adds its pairs.
   */
  static Kind<List<SavePoint>> savePoints() {
    return new SavePoints();
  }

  /** A host and a port, or {@code no one}, which is shown as the empty text. */
  static Kind<Optional<HostPort>> hostPort() {
    return new Address();
  }

  /** Up to {@value #ADDRESSES_MAX} addresses to listen on. */
  static Kind<List<String>> addresses() {
    return new Words("addresses") {
      @Override
      public List<String> parse(List<String> words) throws BadValue {
        if (words.size() > ADDRESSES_MAX) {
          throw new BadValue("Too many bind addresses specified.");
        }
        return super.parse(words);
      }
    };
  }

  /** Words that nothing here reads yet; {@code count} of them, or any number when 0. */
  static Kind<List<String>> words(String grammar, int count) {
    return new Words(grammar) {
      @Override
      public List<String> parse(List<String> words) throws BadValue {
        if (count > 0 && words.size() != count) {
          throw new BadValue("wrong number of arguments");
        }
        return super.parse(words);
      }
    };
  }

  private static class Words implements Kind<List<String>> {
    private final String grammar;

    Words(String grammar) {
      this.grammar = grammar;
    }

    @Override
    public List<String> parse(List<String> words) throws BadValue {
      return isNothing(words) ? List.of() : List.copyOf(words);
    }

    @Override
    public String show(List<String> value) {
      return String.join(" ", value);
    }

    @Override
    public String grammar() {
      return grammar;
    }

    @Override
    public boolean takesMany() {
      return true;
    }
  }

  private static final class SavePoints implements Kind<List<SavePoint>> {
    @Override
    public List<SavePoint> parse(List<String> words) throws BadValue {
      if (isNothing(words)) {
        return List.of();
      }
      if (words.size() % 2 != 0) {
        throw new BadValue("Invalid save parameters");
      }
      List<SavePoint> points = new ArrayList<>();
      for (int i = 0; i < words.size(); i += 2) {
        points.add(new SavePoint(count(words.get(i), 1), count(words.get(i + 1), 0)));
      }
      return List.copyOf(points);
    }

    private static long count(String word, long min) throws BadValue {
      if (!Kinds.isWhole(word) || Long.parseLong(word) < min) {
        throw new BadValue("Invalid save parameters");
      }
      return Long.parseLong(word);
    }

    @Override
    public String show(List<SavePoint> value) {
      StringBuilder shown = new StringBuilder();
      for (SavePoint point : value) {
        shown.append(shown.length() == 0 ? "" : " ").append(point.seconds());
        shown.append(' ').append(point.changes());
      }
      return shown.toString();
    }

    @Override
    public String grammar() {
      return "(seconds changes)... or \"\"";
    }

    @Override
    public boolean takesMany() {
      return true;
    }

    @Override
    public List<SavePoint> after(List<SavePoint> earlier, List<SavePoint> latest) {
      if (latest.isEmpty()) {
        return latest;
      }
      List<SavePoint> both = new ArrayList<>(earlier);
      both.addAll(latest);
      return List.copyOf(both);
    }
  }

  private static final class Address implements Kind<Optional<HostPort>> {
    @Override
    public Optional<HostPort> parse(List<String> words) throws BadValue {
      if (words.size() != 2) {
        throw new BadValue("wrong number of arguments");
      }
      if (words.get(0).equalsIgnoreCase("no") && words.get(1).equalsIgnoreCase("one")) {
        return Optional.empty();
      }
      String port = words.get(1);
      if (!Kinds.isWhole(port) || Long.parseLong(port) < 0 || Long.parseLong(port) > PORT_MAX) {
        throw new BadValue("Invalid master port");
      }
      return Optional.of(new HostPort(words.get(0), Integer.parseInt(port)));
    }

    @Override
    public String show(Optional<HostPort> value) {
      return value.map(HostPort::toString).orElse("");
    }

    @Override
    public String grammar() {
      return "host port, or no one";
    }

    @Override
    public boolean takesMany() {
      return true;
    }
  }

  private static boolean isNothing(List<String> words) {
    return words.isEmpty() || words.equals(List.of(""));
  }
}
