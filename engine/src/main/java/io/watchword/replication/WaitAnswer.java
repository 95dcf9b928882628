package io.watchword.replication;

/** How a reply ends that was held until replicas confirm an offset; one of the two, once. */
public interface WaitAnswer {
  /** So many replicas have confirmed it: enough, or all that had when time was up. */
  void confirmed(int count);

  /** This node's role changes: whether the offset is confirmed will never be known here. */
  void roleChanged();
}
