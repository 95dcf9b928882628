package io.watchword.server;

import io.watchword.resp.RespService;
import java.util.function.Consumer;

/** Opens connections to other servers; what {@code net} offers, as this package needs it. */
public interface Dialer {
  /**
   * Dials. Either {@code service} is told of the peer or {@code failed} of the reason, once, on the
   * command thread.
   */
  void connect(String host, int port, RespService service, Consumer<String> failed);
}
