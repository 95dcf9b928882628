package io.watchword.authority;

/**
 * What a node knows of itself when an order comes.
 *
 * @param dataEpoch epoch of the last record it has applied
 * @param lostAll whether it was restarted as a master without any data, and has not served since
 * @param loading whether it is taking over a snapshot, so that it holds neither old nor new data
 */
public record Facts(
    boolean master,
    String masterHost,
    int masterPort,
    String replid,
    long offset,
    long dataEpoch,
    boolean lostAll,
    boolean loading) {}
