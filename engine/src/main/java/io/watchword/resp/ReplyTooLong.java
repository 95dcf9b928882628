package io.watchword.resp;

/** A reply outgrew what one array can hold. Carries no stack: it is no defect. */
public final class ReplyTooLong extends RuntimeException {
  private static final long serialVersionUID = 1;

  ReplyTooLong() {
    super("ERR reply exceeds maximum allowed size", null, false, false);
  }
}
