package io.watchword.server;

import io.watchword.command.Gate;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The gate's questions, each answered by the part of the server that knows. Wired once at start;
 * asked before every command, so each answer must be a look at a field.
 */
public final class ServerGate implements Gate.State {
  private boolean authRequired;
  private Supplier<String> misconf = () -> null;
  private Supplier<String> writeRefusal = () -> null;
  private BooleanSupplier stale = () -> false;
  private BooleanSupplier loading = () -> false;

  /** Whether clients must authenticate before anything else. */
  public void authRequired(boolean required) {
    authRequired = required;
  }

  /** Persistence knows whether the last save failed. */
  public void misconf(Supplier<String> findError) {
    misconf = findError;
  }

  /** Replication and authority know whether this node takes writes. */
  public void writeRefusal(Supplier<String> findError) {
    writeRefusal = findError;
  }

  /** Replication knows whether the data is stale and must not be shown. */
  public void stale(BooleanSupplier isStale) {
    stale = isStale;
  }

  /** Persistence and replication know whether a data set is being loaded. */
  public void loading(BooleanSupplier isLoading) {
    BooleanSupplier others = loading;
    loading = () -> others.getAsBoolean() || isLoading.getAsBoolean();
  }

  @Override
  public boolean authRequired() {
    return authRequired;
  }

  @Override
  public String findMisconf() {
    return misconf.get();
  }

  @Override
  public String findWriteRefusal() {
    return writeRefusal.get();
  }

  @Override
  public boolean isStale() {
    return stale.getAsBoolean();
  }

  @Override
  public boolean isLoading() {
    return loading.getAsBoolean();
  }
}
