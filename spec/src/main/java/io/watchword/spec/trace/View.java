package io.watchword.spec.trace;

import io.watchword.spec.Json;
import java.util.Map;

/**
 * The variables of Psync2 at one node, as its trace gives them: offsets in bytes, replids as 40
 * digits. The fields are those of {@code io.watchword.replication.ReplicationView}.
 */
record View(
    String replid,
    String replid2,
    long secondOffset,
    long backlogFirst,
    long offset,
    String source,
    boolean master) {

  static View of(Map<String, Object> json) {
    return new View(
        Json.field(json, "replid", String.class),
        Json.field(json, "replid2", String.class),
        Json.field(json, "secondOffset", Long.class),
        Json.field(json, "backlogFirst", Long.class),
        Json.field(json, "offset", Long.class),
        Json.field(json, "source", String.class),
        Json.field(json, "master", Boolean.class));
  }
}
