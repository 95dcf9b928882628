package io.watchword.sentinel.raft;

import com.alipay.remoting.ConnectionEventHandler;
import com.alipay.remoting.DefaultConnectionManager;
import com.alipay.remoting.config.Configuration;
import com.alipay.remoting.rpc.RpcConnectionFactory;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.impl.BoltRaftRpcFactory;
import com.alipay.sofa.jraft.rpc.impl.BoltRpcClient;
import com.alipay.sofa.jraft.util.SPI;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bolt as JRaft uses it, with one difference: connections are dialled from {@code
 * bind-source-addr}, so that a proxy in between can tell who calls. JRaft finds this class through
 * {@code META-INF/services}; it outranks the default one.
 */
@SPI(name = "watchword", priority = 10)
public final class BoundRpcFactory extends BoltRaftRpcFactory {
  /** Called by JRaft's service loader. */
  public BoundRpcFactory() {}

  @Override
  public RpcClient createRpcClient(ConfigHelper<RpcClient> helper) {
    com.alipay.remoting.rpc.RpcClient bolt = new com.alipay.remoting.rpc.RpcClient();
    RpcClient client = new BoundRpcClient(bolt);
    if (helper != null) {
      helper.config(client);
    }
    return client;
  }

  private static final class BoundRpcClient extends BoltRpcClient {
    BoundRpcClient(com.alipay.remoting.rpc.RpcClient bolt) {
      super(bolt);
    }

    @Override
    public boolean init(RpcOptions options) {
      boolean started = super.init(options);
      if (options instanceof BoundNodeOptions bound && !bound.sourceAddress().isEmpty()) {
        DefaultConnectionManager manager =
            (DefaultConnectionManager) getRpcClient().getConnectionManager();
        BoundConnections connections = new BoundConnections(bound.sourceAddress(), getRpcClient());
        connections.init(manager.getConnectionEventHandler());
        manager.setConnectionFactory(connections);
      }
      return started;
    }
  }

  /** Netty takes the local address of the bootstrap for every connection made from it. */
  private static final class BoundConnections extends RpcConnectionFactory {
    private final String source;

    BoundConnections(String source, Configuration configuration) {
      super(new ConcurrentHashMap<>(), configuration);
      this.source = source;
    }

    @Override
    public void init(ConnectionEventHandler handler) {
      super.init(handler);
      bootstrap.localAddress(new InetSocketAddress(source, 0));
    }
  }
}
