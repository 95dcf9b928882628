package io.watchword.rdb;

import io.watchword.sys.Loop;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * A snapshot on its way to a {@link SnapshotSink}: packed on the background thread, given on the
 * command thread at the sink's pace. What waits counts against the snapshot's queue, so a slow sink
 * holds the cursor and not the memory.
 */
final class StreamTarget implements SnapshotTarget {
  private static final long ASK_AGAIN_MS = 1;

  private record Part(byte[] bytes, Runnable consumed) {}

  private final Loop loop;
  private final SnapshotSink sink;
  private final Deque<Part> parts = new ArrayDeque<>();
  private Runnable finished;
  private boolean asking;
  private boolean dropped;

  StreamTarget(Loop loop, SnapshotSink sink) {
    this.loop = loop;
    this.sink = sink;
  }

  @Override
  public void open() {}

  @Override
  public void take(byte[] bytes, int length, Runnable consumed) {
    Part part = new Part(Arrays.copyOf(bytes, length), consumed);
    loop.execute(
        () -> {
          parts.add(part);
          give();
        });
  }

  @Override
  public void finish(Runnable finished) {
    loop.execute(
        () -> {
          this.finished = finished;
          give();
        });
  }

  @Override
  public void drop() {
    loop.execute(
        () -> {
          dropped = true;
          parts.clear();
        });
  }

  private void give() {
    while (!parts.isEmpty() && sink.wantsMore()) {
      Part part = parts.remove();
      sink.part(part.bytes, 0, part.bytes.length);
      part.consumed.run();
    }
    if (!parts.isEmpty()) {
      askAgain();
    } else if (finished != null && !dropped) {
      Runnable end = finished;
      finished = null;
      end.run();
    }
  }

  private void askAgain() {
    if (!asking) {
      asking = true;
      loop.after(
          ASK_AGAIN_MS,
          () -> {
            asking = false;
            give();
          });
    }
  }
}
