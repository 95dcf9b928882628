package io.watchword.sentinel.core;

/**
 * What a data node holds, as it answered to FENCE. A stock Redis knows no epochs and reports 0.
 *
 * @param dataEpoch epoch of the last record it has applied
 * @param replid its history
 * @param offset bytes of that history it has applied
 */
public record Report(long dataEpoch, String replid, long offset) {
  /**
   * Whether nothing of a stream was applied. A stock Redis that has received nothing yet reports
   * offset 1.
   */
  boolean isEmpty() {
    return dataEpoch == 0 && offset <= 1;
  }
}
