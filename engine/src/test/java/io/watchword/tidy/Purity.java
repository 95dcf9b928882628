package io.watchword.tidy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;

/** The two rules that keep deciding code drivable by a simulator, and the graph a graph. */
public final class Purity {
  private Purity() {}

  /**
   * Packages that ask nobody the time: not the clock, not chance, not files, sockets or threads.
   *
   * @param packages full names; {@code ..} at the end includes what is below
   */
  public static ArchRule asksNobodyTheTime(String... packages) {
    return noClasses()
        .that()
        .resideInAnyPackage(packages)
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.time..",
            "java.net..",
            "java.nio.file..",
            "java.nio.channels..",
            "java.util.concurrent..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Thread.class, ThreadLocal.class, java.util.Timer.class)
        .because("the simulator owns time, chance, files, sockets and threads")
        .allowEmptyShould(true);
  }

  /** Every package is a slice of its own, so a cycle through a child package counts as well. */
  public static ArchRule noCycles(String root) {
    return slices().matching(root + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);
  }
}
