package io.watchword.server;

import io.watchword.keyspace.Database;
import io.watchword.keyspace.Keyspace;
import java.util.ArrayList;
import java.util.List;

/** INFO keyspace: one line for each database that is not empty. */
final class KeyspaceSection implements InfoSection {
  private final Keyspace keyspace;

  KeyspaceSection(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  @Override
  public String title() {
    return "Keyspace";
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < keyspace.count(); i++) {
      Database database = keyspace.database(i);
      if (database.size() > 0) {
        lines.add(
            "db"
                + i
                + ":keys="
                + database.size()
                + ",expires="
                + database.deadlines()
                + ",avg_ttl=0");
      }
    }
    return lines;
  }
}
