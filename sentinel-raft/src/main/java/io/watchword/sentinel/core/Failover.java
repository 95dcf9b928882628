package io.watchword.sentinel.core;

/**
 * A failover that has begun and has not yet named its master.
 *
 * @param epoch the epoch the new master will have
 * @param old the master that was given up
 */
public record Failover(long epoch, Address old) {}
