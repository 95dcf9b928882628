package io.watchword.sentinel.core;

/**
 * One sentinel of the group.
 *
 * @param id 40 hex digits, kept in its folder for as long as the folder lives
 * @param incarnation counts its starts; a vote of an earlier start does not count
 * @param api where it serves clients
 * @param raftPeer its name in the Raft group, host:port
 */
public record Member(String id, long incarnation, Address api, String raftPeer) {}
