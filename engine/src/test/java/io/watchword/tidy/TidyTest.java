package io.watchword.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mechanical part of docs/STYLE.md, over the whole tree and not only this module. */
class TidyTest {
  private static final Path ROOT = Path.of(System.getProperty("watchword.root", ".."));

  /** Made by tools, kept by others, or local: not ours to judge. */
  private static final Set<String> SKIPPED =
      Set.of("target", ".git", ".watchword", ".idea", ".vscode", "store", "mvnw");

  private static final Pattern TEXT =
      Pattern.compile(".*\\.(java|clj|edn|tla|cfg|sh|md|xml|json|txt|html)|watchword|run");

  private static final Pattern PURE =
      Pattern.compile(
          ".*/src/main/java/io/watchword/(sys|bytes|resp|memory|value|keyspace|acl|config|pubsub"
              + "|script|replication|authority|rdb|aof|command|server|sentinel/core)/.*");

  @Test
  void shouldKeepSourcesWithinTheirLimits() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files(ROOT, TEXT)) {
      found.addAll(TextRules.violations(file));
    }

    assertThat(found).isEmpty();
  }

  @Test
  void shouldKeepJavaFreeOfTheTrapsThatMakeRunsUnrepeatable() throws IOException {
    assertThat(javaViolations(ROOT)).isEmpty();
  }

  @Test
  void shouldNoticeEachTrap(@TempDir Path tree) throws IOException {
    Path pure = tree.resolve("engine/src/main/java/io/watchword/keyspace/Trap.java");
    Files.createDirectories(pure.getParent());
    Files.writeString(
        pure,
        """
        class Trap {
          enum Side { LEFT }
          Map<Side, String> bySide = new HashMap<>();
          Object order = Set.of(1, 2);
          String text = String.format("%d", 1) + "a".toUpperCase();
          // Set.of in a comment is nobody's trap
        """
            + "  void longMethod() {\n"
            + "    order.hashCode();\n".repeat(60)
            + "  }\n}\n");
    Path test = tree.resolve("engine/src/test/java/TrapTest.java");
    Files.createDirectories(test.getParent());
    Files.writeString(test, "class TrapTest { void t() throws Exception { Thread.sleep(1); } }");

    assertThat(javaViolations(tree))
        .hasSize(6)
        .anyMatch(line -> line.contains("hash of the enum Side"))
        .anyMatch(line -> line.contains("Set.of"))
        .anyMatch(line -> line.contains("String.format without Locale.ROOT"))
        .anyMatch(line -> line.contains("toUpperCase without Locale.ROOT"))
        .anyMatch(line -> line.contains("method longMethod has 62 lines"))
        .anyMatch(line -> line.contains("never sleeps"));
  }

  @Test
  void shouldNoticeMarksAndPathsOfOneMachine(@TempDir Path tree) throws IOException {
    Path file = tree.resolve("Notes.java");
    Files.writeString(
        file, "// TO" + "DO later\n// see /ho" + "me/someone/file\n" + "x".repeat(101) + "\n");

    assertThat(TextRules.violations(file))
        .hasSize(3)
        .anyMatch(line -> line.contains("note to self"))
        .anyMatch(line -> line.contains("path of one machine"))
        .anyMatch(line -> line.contains("a line of 101"));
  }

  private static List<String> javaViolations(Path tree) throws IOException {
    List<JavaSource> sources = JavaSource.parse(files(tree, Pattern.compile(".*\\.java")));
    Set<String> enums = new TreeSet<>(JavaSource.enumsOf(sources));
    List<String> found = new ArrayList<>();
    for (JavaSource source : sources) {
      String path = source.file().toString();
      boolean isTest = path.contains("/src/test/");
      found.addAll(source.violations(isTest, PURE.matcher(path).matches(), enums));
    }
    return found;
  }

  private static List<Path> files(Path tree, Pattern names) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes unused) {
            boolean skipped = SKIPPED.contains(folder.getFileName().toString());
            return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes unused) {
            String name = file.getFileName().toString();
            if (!SKIPPED.contains(name) && names.matcher(name).matches()) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }
}
