/**
 * The sentinels' log on SOFAJRaft: the only package that knows JRaft, Bolt and Protostuff.
 *
 * <p>JRaft is threads, locks and clocks, so it is never simulated. What stands above it (the fold)
 * is pure, and what the fold expects of a log is stated in {@link
 * io.watchword.sentinel.raft.RaftLog.Inbox}; the simulator has a log of its own that is more
 * hostile than this one.
 */
package io.watchword.sentinel.raft;
