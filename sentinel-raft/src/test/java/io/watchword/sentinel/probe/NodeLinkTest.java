package io.watchword.sentinel.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.resp.Peer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeLinkTest {
  @Test
  void shouldTellItsOwnerOfTheLossBeforeThoseWhoWait() {
    List<String> told = new ArrayList<>();
    NodeLink link = new NodeLink(new SilentPeer(), () -> told.add("owner"));
    link.ask(List.of("PING"), new NodeLink.Waiter(reply -> {}, () -> told.add("waiter")));

    link.closed("reset");

    assertThat(told).containsExactly("owner", "waiter");
  }

  static final class SilentPeer implements Peer {
    @Override
    public void send(byte[] bytes, int offset, int length) {}

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public long pendingBytes() {
      return 0;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void readMore(boolean wanted) {}

    @Override
    public String remote() {
      return "127.0.0.1:1";
    }

    @Override
    public String local() {
      return "127.0.0.1:2";
    }
  }
}
