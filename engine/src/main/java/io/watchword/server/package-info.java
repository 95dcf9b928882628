/**
 * The engine: the one thread that owns the keyspace, the sessions on it and what it does between
 * commands.
 */
package io.watchword.server;
