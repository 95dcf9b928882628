package io.watchword.replication;

/**
 * The directives that the master's side obeys.
 *
 * @param backlogBytes {@code repl-backlog-size}
 * @param replicaBytesMax how much of the stream is kept for a replica that reads slowly; beyond it
 *     the replica is dropped and has to ask again ({@code client-output-buffer-limit replica})
 * @param timeoutMs {@code repl-timeout}
 * @param pingPeriodMs {@code repl-ping-replica-period}
 * @param diskless {@code repl-diskless-sync}
 * @param disklessDelayMs {@code repl-diskless-sync-delay}
 */
public record ReplicationSettings(
    long backlogBytes,
    long replicaBytesMax,
    long timeoutMs,
    long pingPeriodMs,
    boolean diskless,
    long disklessDelayMs) {}
