package io.watchword.memory;

/** No room is left in the pages. The command that asked for it is answered with -OOM. */
public final class PagesFull extends RuntimeException {
  private static final long serialVersionUID = 1;

  public PagesFull() {
    super("no room left in the pages", null, false, false);
  }
}
