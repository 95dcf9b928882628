package io.watchword.resp;

import io.watchword.bytes.Bytes;
import java.util.List;

/** Encodes requests: what a link, a probe or a tool sends. */
public final class Request {
  private Request() {}

  /** The RESP form of words. */
  public static byte[] encode(String... words) {
    RespWriter w = new RespWriter(64);
    w.array(words.length);
    for (String word : words) {
      w.bulk(word);
    }
    return java.util.Arrays.copyOf(w.array(), w.size());
  }

  /** The RESP form of arguments. */
  public static byte[] encode(List<Bytes> args) {
    RespWriter w = new RespWriter(64);
    w.array(args.size());
    for (Bytes arg : args) {
      w.bulk(arg);
    }
    return java.util.Arrays.copyOf(w.array(), w.size());
  }
}
