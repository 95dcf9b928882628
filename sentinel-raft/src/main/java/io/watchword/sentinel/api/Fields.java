package io.watchword.sentinel.api;

import io.watchword.resp.RespWriter;
import java.util.ArrayList;
import java.util.List;

/** The flat field lists of SENTINEL replies: pairs in a fixed order, a map in RESP3. */
final class Fields {
  private final List<String> words = new ArrayList<>();

  Fields add(String name, Object value) {
    words.add(name);
    words.add(value.toString());
    return this;
  }

  Fields addIf(boolean wanted, String name, Object value) {
    return wanted ? add(name, value) : this;
  }

  void write(RespWriter out) {
    out.map(words.size() / 2);
    words.forEach(out::bulk);
  }
}
