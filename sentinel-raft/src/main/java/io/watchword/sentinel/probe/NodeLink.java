package io.watchword.sentinel.probe;

import io.watchword.resp.Conversation;
import io.watchword.resp.Peer;
import io.watchword.resp.Reply;
import io.watchword.resp.ReplyReader;
import io.watchword.resp.Request;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** One connection to a node: requests go out, each reply goes to whoever sent the request. */
final class NodeLink implements Conversation {
  private static final int REPLY_BYTES_MAX = 1 << 20;
  private final Peer peer;
  private final Runnable lost;
  private final ReplyReader reader = new ReplyReader(REPLY_BYTES_MAX);
  private final Deque<Waiter> waiting = new ArrayDeque<>();
  private boolean gone;

  /** Told of the reply, or that there will be none. */
  record Waiter(Consumer<Reply> replied, Runnable lost) {}

  /**
   * @param lost told once when the connection is gone, unless {@link #drop} was called
   */
  NodeLink(Peer peer, Runnable lost) {
    this.peer = peer;
    this.lost = lost;
  }

  void ask(List<String> words, Waiter waiter) {
    if (gone) {
      waiter.lost().run();
      return;
    }
    byte[] request = Request.encode(words.toArray(String[]::new));
    waiting.add(waiter);
    peer.send(request, 0, request.length);
    peer.flush();
  }

  /** Closes; the waiting are told, the owner is not. */
  void drop() {
    if (!gone) {
      gone = true;
      peer.close();
      giveUp();
    }
  }

  @Override
  public void received(byte[] data, int from, int to) {
    reader.feed(data, from, to);
    try {
      for (Reply reply = reader.findNext(); reply != null; reply = reader.findNext()) {
        Waiter waiter = waiting.poll();
        if (waiter != null) {
          waiter.replied().accept(reply);
        }
      }
    } catch (ReplyReader.MalformedReply e) {
      peer.close();
    }
  }

  @Override
  public void turnEnded() {}

  @Override
  public void closed(String why) {
    if (!gone) {
      gone = true;
      // The owner first: whoever hears of a lost request may send it again at once, and as long as
      // the link counts as up that would come back as lost, without end.
      lost.run();
      giveUp();
    }
  }

  private void giveUp() {
    for (Waiter waiter = waiting.poll(); waiter != null; waiter = waiting.poll()) {
      waiter.lost().run();
    }
  }
}
