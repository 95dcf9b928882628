/**
 * Sixteen databases of keys over the pages: entries, the hash table, deadlines, scans, snapshots.
 * Owned by the command thread; nothing here asks the time.
 */
package io.watchword.keyspace;
