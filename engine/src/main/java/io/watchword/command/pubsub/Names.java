package io.watchword.command.pubsub;

import io.watchword.bytes.Bytes;
import io.watchword.command.Call;
import java.util.ArrayList;
import java.util.List;

/** The arguments that name channels or patterns. */
final class Names {
  private Names() {}

  static List<Bytes> from(Call call, int first) {
    List<Bytes> names = new ArrayList<>();
    for (int i = first; i < call.argc(); i++) {
      names.add(call.copy(i));
    }
    return names;
  }
}
