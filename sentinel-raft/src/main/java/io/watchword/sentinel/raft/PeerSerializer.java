package io.watchword.sentinel.raft;

import com.alipay.remoting.CustomSerializerManager;
import com.alipay.remoting.DefaultCustomSerializer;
import com.alipay.remoting.InvokeContext;
import com.alipay.remoting.exception.DeserializationException;
import com.alipay.remoting.rpc.RequestCommand;
import com.alipay.remoting.rpc.ResponseCommand;
import com.alipay.remoting.rpc.protocol.RpcRequestCommand;
import com.alipay.remoting.rpc.protocol.RpcResponseCommand;

/** Carries {@link PeerMessage} over Bolt as Protostuff; Bolt's own serializer is not on board. */
final class PeerSerializer extends DefaultCustomSerializer {
  private static final ProtostuffCodec<PeerMessage> CODEC =
      new ProtostuffCodec<>(PeerMessage.class);

  static {
    CustomSerializerManager.registerCustomSerializer(
        PeerMessage.class.getName(), new PeerSerializer());
  }

  private PeerSerializer() {}

  /** Bolt keeps its serializers in a static table; a second call finds the first's work done. */
  static void register() {}

  @Override
  public <T extends RequestCommand> boolean serializeContent(T command, InvokeContext context) {
    RpcRequestCommand request = (RpcRequestCommand) command;
    request.setContent(CODEC.encode((PeerMessage) request.getRequestObject()));
    return true;
  }

  @Override
  public <T extends ResponseCommand> boolean serializeContent(T command) {
    RpcResponseCommand response = (RpcResponseCommand) command;
    response.setContent(CODEC.encode((PeerMessage) response.getResponseObject()));
    return true;
  }

  @Override
  public <T extends RequestCommand> boolean deserializeContent(T command)
      throws DeserializationException {
    RpcRequestCommand request = (RpcRequestCommand) command;
    request.setRequestObject(decode(request.getContent()));
    return true;
  }

  @Override
  public <T extends ResponseCommand> boolean deserializeContent(T command, InvokeContext context)
      throws DeserializationException {
    RpcResponseCommand response = (RpcResponseCommand) command;
    response.setResponseObject(decode(response.getContent()));
    return true;
  }

  private static PeerMessage decode(byte[] content) throws DeserializationException {
    try {
      return CODEC.decode(content);
    } catch (RuntimeException e) {
      throw new DeserializationException("a peer's message is damaged", e);
    }
  }
}
