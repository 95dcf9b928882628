package io.watchword.sentinel.probe;

import java.util.List;

/**
 * How to authenticate at the data nodes of one master.
 *
 * @param user {@code auth-user}, or empty for the default user
 * @param password {@code auth-pass}, or empty for none
 */
public record Credentials(String user, String password) {
  /** No password is set. */
  public static final Credentials NONE = new Credentials("", "");

  /** The words of AUTH; empty when there is nothing to say. */
  List<String> words() {
    if (password.isEmpty()) {
      return List.of();
    }
    return user.isEmpty() ? List.of("AUTH", password) : List.of("AUTH", user, password);
  }

  @Override
  public String toString() {
    // A password must never get into a log line by accident.
    return "Credentials[user=" + user + "]";
  }
}
