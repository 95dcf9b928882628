/**
 * Replication as Redis 7 speaks it (PSYNC2), in pure machines: names of histories, the backlog, the
 * replica's link to its master, the master's replicas. Moves offsets and bytes, and knows no keys.
 *
 * <p>{@link io.watchword.replication.Replication} mirrors {@code spec/replication/Psync2.tla}.
 */
package io.watchword.replication;
