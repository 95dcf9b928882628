package io.watchword.sentinel.raft;

import com.alipay.sofa.jraft.storage.impl.RocksDBLogStorage;
import com.alipay.sofa.jraft.util.StorageOptionsFactory;

/**
 * How much room the log's RocksDB takes. By JRaft's defaults it reserves 144 MB of disk and buffers
 * to match before the first entry, for a log that grows by a few hundred bytes a failover: on a
 * disk with less than that free, a sentinel would end itself where stock Sentinel goes on.
 *
 * <p>The options are the process's, since JRaft keeps them by class.
 */
final class SmallStorage {
  /** Room for years of entries; more is written to a file and the buffer begun anew. */
  private static final long WRITE_BUFFER_BYTES = 1 << 20;

  static {
    StorageOptionsFactory.registerRocksDBColumnFamilyOptions(
        RocksDBLogStorage.class,
        StorageOptionsFactory.getDefaultRocksDBColumnFamilyOptions()
            .setWriteBufferSize(WRITE_BUFFER_BYTES));
  }

  private SmallStorage() {}

  /** To be called before a log is opened. */
  static void use() {
    // The work is done by the initializer, once a process.
  }
}
