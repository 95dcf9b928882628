package io.watchword.sentinel.core;

/**
 * A failover that has begun and has not yet named its master.
 *
 * @param epoch the epoch the new master will have
 * @param old the master that was given up
 * @param coordinated whether the old master is alive and hands over: it keeps its writes waiting
 *     until a replica has all that it has, and stays the master when none comes so far
 */
public record Failover(long epoch, Address old, boolean coordinated) {}
