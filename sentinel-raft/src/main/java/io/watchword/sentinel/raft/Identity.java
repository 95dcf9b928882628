package io.watchword.sentinel.raft;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The file {@code identity} in a sentinel's folder: who it is, how often it has started, and under
 * which identity each peer introduced itself.
 *
 * <pre>
 *   watchword-sentinel 1
 *   id &lt;40 hex digits&gt;
 *   incarnation &lt;n&gt;
 *   admitted yes|no
 *   peer &lt;host:raft-port&gt; &lt;id&gt;
 * </pre>
 *
 * <p>Replaced as a whole: written to a second name, fsynced, renamed, the folder fsynced. All
 * methods may be called from any thread.
 */
final class Identity {
  private static final String HEAD = "watchword-sentinel 1";
  private final Path file;
  private final String id;
  private final long incarnation;
  private final SortedMap<String, String> peers;
  private boolean admitted;

  private Identity(
      Path file, String id, long incarnation, boolean admitted, SortedMap<String, String> peers) {
    this.file = file;
    this.id = id;
    this.incarnation = incarnation;
    this.admitted = admitted;
    this.peers = peers;
  }

  /**
   * Opens the folder for one more start: the incarnation is one higher than at the last.
   *
   * @param newId used when the folder has no identity yet
   * @throws IOException when the file cannot be read or written, or is not ours
   */
  static Identity open(Path folder, String newId) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve("identity");
    Identity identity =
        Files.exists(file) ? read(file) : new Identity(file, newId, 1, false, new TreeMap<>());
    identity.save();
    return identity;
  }

  private static Identity read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    SortedMap<String, String> fields = new TreeMap<>();
    SortedMap<String, String> peers = new TreeMap<>();
    boolean ours = !lines.isEmpty() && lines.get(0).equals(HEAD);
    for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
      String[] words = line.split(" ");
      if (words.length == 3 && words[0].equals("peer")) {
        peers.put(words[1], words[2]);
      } else if (words.length == 2) {
        fields.put(words[0], words[1]);
      }
    }
    String id = fields.getOrDefault("id", "");
    String starts = fields.getOrDefault("incarnation", "");
    if (!ours || !id.matches("[0-9a-f]{40}") || !starts.matches("\\d{1,18}")) {
      throw new IOException(file + " is damaged: it does not say who this sentinel is");
    }
    boolean admitted = "yes".equals(fields.get("admitted"));
    return new Identity(file, id, Long.parseLong(starts) + 1, admitted, peers);
  }

  String id() {
    return id;
  }

  long incarnation() {
    return incarnation;
  }

  /** Whether this sentinel has taken part in its group before, hence may have voted. */
  synchronized boolean isAdmitted() {
    return admitted;
  }

  synchronized void admit() throws IOException {
    admitted = true;
    save();
  }

  /**
   * Records under which identity a peer introduces itself. The first one stands for ever: a peer
   * that comes with another has lost its folder, and with it the memory of its votes.
   *
   * @return the identity on record
   */
  synchronized String meet(String raftPeer, String peerId) throws IOException {
    String known = peers.putIfAbsent(raftPeer, peerId);
    if (known == null) {
      save();
    }
    return peers.get(raftPeer);
  }

  private synchronized void save() throws IOException {
    StringBuilder text = new StringBuilder(HEAD).append('\n');
    text.append("id ").append(id).append('\n');
    text.append("incarnation ").append(incarnation).append('\n');
    text.append("admitted ").append(admitted ? "yes" : "no").append('\n');
    for (Map.Entry<String, String> peer : peers.entrySet()) {
      text.append("peer ").append(peer.getKey()).append(' ').append(peer.getValue()).append('\n');
    }
    Path next = file.resolveSibling("identity.new");
    Files.writeString(next, text, StandardCharsets.UTF_8);
    sync(next, StandardOpenOption.WRITE);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    sync(file.toAbsolutePath().getParent(), StandardOpenOption.READ);
  }

  private static void sync(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }
}
