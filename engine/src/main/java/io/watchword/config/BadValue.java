package io.watchword.config;

/** A directive cannot have this value; the message is the reason in Redis's words. */
public final class BadValue extends Exception {
  private static final long serialVersionUID = 1;

  public BadValue(String why) {
    super(why);
  }
}
