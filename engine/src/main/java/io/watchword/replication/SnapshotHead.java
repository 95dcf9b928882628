package io.watchword.replication;

/**
 * What a snapshot that was received says of itself.
 *
 * @param empty whether it holds no data at all
 * @param epoch its data epoch, or -1 when it names none
 */
public record SnapshotHead(boolean empty, long epoch) {}
