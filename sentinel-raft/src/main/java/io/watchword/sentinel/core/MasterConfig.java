package io.watchword.sentinel.core;

/**
 * What the group agreed on for one master. It travels in the log, so that every sentinel judges by
 * the same figures; passwords do not, they stay in each sentinel's own file.
 *
 * @param quorum sentinels that must hold the master for down before a failover may begin; at least
 *     1
 * @param downAfterMs silence after which one sentinel holds a node for down
 * @param failoverTimeoutMs how long a failover may wait for a candidate before that is announced
 * @param parallelSyncs replicas that may resynchronize with a new master at the same time
 */
public record MasterConfig(
    int quorum, long downAfterMs, long failoverTimeoutMs, int parallelSyncs) {}
