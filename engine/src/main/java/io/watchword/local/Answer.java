package io.watchword.local;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a node answered to one command, in the shapes that RESP2 knows. */
sealed interface Answer {
  /** A status line without its leading plus, {@code OK} say. */
  record Status(String text) implements Answer {}

  /** An error line without its leading minus; the first word is the code. */
  record Failure(String text) implements Answer {}

  /** A signed 64-bit integer. */
  record Int(long value) implements Answer {}

  /** A string of bytes; the array is the caller's own. */
  record Bulk(byte[] bytes) implements Answer {}

  /** A null bulk or a null array: RESP2 has both and they mean the same. */
  record Nil() implements Answer {}

  /** An array, possibly empty. */
  record Many(List<Answer> items) implements Answer {}

  /** The answer as text when it is a status, an integer or a bulk; empty for every other shape. */
  default String text() {
    if (this instanceof Status status) {
      return status.text();
    }
    if (this instanceof Bulk bulk) {
      return new String(bulk.bytes(), StandardCharsets.UTF_8);
    }
    if (this instanceof Int integer) {
      return Long.toString(integer.value());
    }
    return "";
  }
}
