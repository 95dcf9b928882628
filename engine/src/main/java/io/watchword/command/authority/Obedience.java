package io.watchword.command.authority;

import io.watchword.authority.Answer;
import io.watchword.authority.Order;

/** What obeys orders. */
public interface Obedience {
  /** Makes what the order demands durable, does it, and answers. */
  Answer obey(Order order);
}
