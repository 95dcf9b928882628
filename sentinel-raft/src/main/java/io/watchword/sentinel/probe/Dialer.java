package io.watchword.sentinel.probe;

import io.watchword.resp.RespService;
import io.watchword.sentinel.core.Address;
import java.util.function.Consumer;

/** Opens connections; {@code boot} gives the live one, which dials from bind-source-addr. */
public interface Dialer {
  /** Either {@code service} is told of the peer or {@code failed} of the reason, once. */
  void dial(Address to, RespService service, Consumer<String> failed);
}
