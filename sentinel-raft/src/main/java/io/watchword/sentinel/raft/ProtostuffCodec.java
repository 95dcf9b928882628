package io.watchword.sentinel.raft;

import io.protostuff.LinkedBuffer;
import io.protostuff.ProtostuffIOUtil;
import io.protostuff.Schema;
import io.protostuff.runtime.RuntimeSchema;

/**
 * Protostuff for one plain class with a tag on every field. Records do not work, interface-typed
 * fields would put class names into the bytes, and without {@code use_sun_misc_unsafe=false} it
 * would reach into the JDK; hence the settings, which must stand before the first schema.
 */
final class ProtostuffCodec<T> {
  static {
    System.setProperty("protostuff.runtime.use_sun_misc_unsafe", "false");
    System.setProperty("protostuff.runtime.preserve_null_elements", "true");
    System.setProperty("protostuff.runtime.auto_load_polymorphic_classes", "false");
  }

  private final Schema<T> schema;

  ProtostuffCodec(Class<T> type) {
    schema = RuntimeSchema.getSchema(type);
  }

  byte[] encode(T value) {
    return ProtostuffIOUtil.toByteArray(value, schema, LinkedBuffer.allocate(512));
  }

  /** Fails with an unchecked exception when the bytes are not of this class. */
  T decode(byte[] bytes) {
    T value = schema.newMessage();
    ProtostuffIOUtil.mergeFrom(bytes, value, schema);
    return value;
  }
}
