package io.watchword.tidy;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Who may import whom, as data: one row for each package, and a package without a row is a mistake.
 *
 * <p>A row allows the JDK, the package itself, and what it lists. A name that ends in {@code .*}
 * stands for all direct children, which do not see one another. A listed name that starts with
 * {@code io.watchword.} or with the name of another vendor's package allows everything under it.
 */
public final class ImportTable {
  private static final String CHILDREN = ".*";

  private final String root;
  private final Map<String, List<String>> rows = new LinkedHashMap<>();

  /**
   * @param root the package under which all rows live, without a final dot
   */
  public ImportTable(String root) {
    this.root = root;
  }

  /** Adds a row; names are relative to the root, separated by blanks. */
  public ImportTable row(String name, String mayImport) {
    List<String> allowed =
        mayImport.isBlank() ? List.of() : Arrays.asList(mayImport.trim().split("\\s+"));
    rows.put(name, allowed);
    return this;
  }

  /** Every import that no row allows and every package that has no row, as sentences. */
  public List<String> violations(JavaClasses classes) {
    TreeSet<String> found = new TreeSet<>();
    for (JavaClass from : classes) {
      String name = relative(from.getPackageName());
      String row = rowOf(name);
      if (row == null) {
        found.add("package " + from.getPackageName() + " has no row in the import table");
        continue;
      }
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        String target = dependency.getTargetClass().getBaseComponentType().getPackageName();
        if (!mayImport(name, row, target)) {
          found.add(
              from.getName()
                  + " imports "
                  + target
                  + ": row '"
                  + row
                  + "' allows "
                  + rows.get(row));
        }
      }
    }
    return new ArrayList<>(found);
  }

  private boolean mayImport(String name, String row, String target) {
    if (target.isEmpty() || target.startsWith("java.") || target.equals(root + "." + name)) {
      return true;
    }
    for (String allowed : rows.get(row)) {
      if (allows(allowed, target)) {
        return true;
      }
    }
    return false;
  }

  private boolean allows(String allowed, String target) {
    if (allowed.equals("everything")) {
      return true;
    }
    if (allowed.endsWith(CHILDREN)) {
      return target.startsWith(root + "." + allowed.substring(0, allowed.length() - 1));
    }
    return target.equals(root + "." + allowed)
        || target.equals(allowed)
        || target.startsWith(allowed + ".");
  }

  private String rowOf(String name) {
    if (rows.containsKey(name)) {
      return name;
    }
    int dot = name.lastIndexOf('.');
    String family = dot < 0 ? "" : name.substring(0, dot) + CHILDREN;
    return rows.containsKey(family) ? family : null;
  }

  private String relative(String packageName) {
    return packageName.startsWith(root + ".")
        ? packageName.substring(root.length() + 1)
        : packageName;
  }
}
