package io.watchword.local;

import java.nio.file.Path;

/**
 * How a person here would type a command of ours, so that every line we suggest can be pasted.
 *
 * @param root the folder that holds the launcher
 * @param here the folder that the person is in
 * @param clusterOption the option that names the cluster, with a blank before it; empty for the
 *     cluster that is meant when none is named
 */
record Launcher(Path root, Path here, String clusterOption) {
  static Path rootFolder() {
    String root = System.getProperty("watchword.root");
    if (root == null) {
      throw new IllegalStateException("-Dwatchword.root is not set; start this with ./watchword");
    }
    return Path.of(root).toAbsolutePath().normalize();
  }

  static Launcher of(ClusterPlan plan) {
    Path root = rootFolder();
    Path usual = ClusterOptions.folderOf(root, plan.portBase());
    String option = "";
    if (!plan.folder().equals(usual)) {
      option = " --dir " + shown(plan.folder());
    } else if (plan.portBase() != ClusterPlan.PORT_BASE_DEFAULT) {
      option = " --port-base " + plan.portBase();
    }
    return new Launcher(root, Path.of("").toAbsolutePath(), option);
  }

  /** A folder as a person here would write it. */
  static String shown(Path folder) {
    Path here = Path.of("").toAbsolutePath();
    return (folder.startsWith(here) ? here.relativize(folder) : folder).toString();
  }

  String says(String arguments) {
    String program = here.equals(root) ? "./watchword" : root.resolve("watchword").toString();
    return program + " " + arguments;
  }
}
