package io.watchword.sentinel.raft;

import com.alipay.sofa.jraft.option.NodeOptions;

/** Node options that also say from which address to dial; JRaft hands them to its RPC client. */
final class BoundNodeOptions extends NodeOptions {
  private final String sourceAddress;

  /**
   * @param sourceAddress {@code bind-source-addr}, or empty
   */
  BoundNodeOptions(String sourceAddress) {
    this.sourceAddress = sourceAddress;
  }

  String sourceAddress() {
    return sourceAddress;
  }
}
