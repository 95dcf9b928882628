package io.watchword.os;

import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Signals as events. {@code sun.misc.Signal} is the only way the JDK offers; it is reached by name
 * because the compiler warns of it in a way that cannot be silenced where it is used.
 */
public final class Signals {
  private Signals() {}

  /** Calls {@code handler} with {@code SIGTERM}, say, each time {@code TERM} arrives. */
  public static void on(String name, Consumer<String> handler) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> port = Class.forName("sun.misc.SignalHandler");
      Object receiver =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {port},
              (proxy, method, args) -> {
                if (method.getName().equals("handle")) {
                  handler.accept("SIG" + name);
                }
                return null;
              });
      signal
          .getMethod("handle", signal, port)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), receiver);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK offers no signals", e);
    }
  }
}
