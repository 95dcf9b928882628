/**
 * Snapshots in Redis's RDB format: written from a running keyspace in slices, read as the bytes
 * arrive. Knows neither sockets nor threads: both come through ports of {@code sys}.
 */
package io.watchword.rdb;
