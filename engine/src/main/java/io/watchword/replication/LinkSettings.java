package io.watchword.replication;

/**
 * What a replica says of itself to its master, and how long it waits for it.
 *
 * @param listeningPort port that the master shows for this replica ({@code replica-announce-port})
 * @param announceIp address that the master shows, or empty for the one it sees
 * @param password {@code masterauth}, or empty
 * @param timeoutMs silence after which the link counts as broken ({@code repl-timeout})
 * @param guarded whether {@link EmptyMasterGuard} judges what a master sends unasked
 */
public record LinkSettings(
    int listeningPort, String announceIp, String password, long timeoutMs, boolean guarded) {}
