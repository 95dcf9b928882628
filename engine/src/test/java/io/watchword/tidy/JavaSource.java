package io.watchword.tidy;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * One Java file read by the JDK's own parser, so that a word in a comment or a string is never
 * taken for code.
 */
final class JavaSource {
  private static final int METHOD_LINES_MAX = 60;

  private final Path file;
  private final CompilationUnitTree unit;
  private final SourcePositions positions;
  private final List<String> violations = new ArrayList<>();

  private JavaSource(Path file, CompilationUnitTree unit, SourcePositions positions) {
    this.file = file;
    this.unit = unit;
    this.positions = positions;
  }

  /** Names of the enums declared in these files: a hash of one differs from run to run. */
  static List<String> enumsOf(List<JavaSource> sources) {
    List<String> names = new ArrayList<>();
    for (JavaSource source : sources) {
      new TreeScanner<Void, Void>() {
        @Override
        public Void visitClass(ClassTree node, Void nothing) {
          if (node.getKind() == Tree.Kind.ENUM) {
            names.add(node.getSimpleName().toString());
          }
          return super.visitClass(node, nothing);
        }
      }.scan(source.unit, null);
    }
    return names;
  }

  static List<JavaSource> parse(List<Path> files) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<JavaSource> sources = new ArrayList<>();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        sources.add(new JavaSource(Path.of(unit.getSourceFile().toUri()), unit, positions));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return sources;
  }

  Path file() {
    return file;
  }

  /** What this file does that its kind of file must not do, one sentence each. */
  List<String> violations(boolean isTest, boolean isPure, Set<String> enums) {
    new Rules(isTest, isPure, enums).scan(unit, null);
    return violations;
  }

  private final class Rules extends TreeScanner<Void, Void> {
    private final boolean isTest;
    private final boolean isPure;
    private final Set<String> enums;

    Rules(boolean isTest, boolean isPure, Set<String> enums) {
      this.isTest = isTest;
      this.isPure = isPure;
      this.enums = enums;
    }

    @Override
    public Void visitMethod(MethodTree node, Void nothing) {
      long lines = lineAt(positions.getEndPosition(unit, node)) - lineOf(node) + 1;
      if (lines > METHOD_LINES_MAX) {
        report(node, "method " + node.getName() + " has " + lines + " lines, at most 60 are read");
      }
      return super.visitMethod(node, nothing);
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree node, Void nothing) {
      String called = node.getMethodSelect().toString();
      if (isTest && called.equals("Thread.sleep")) {
        report(node, "a test awaits a condition, it never sleeps");
      }
      if (isPure && isUnordered(called)) {
        report(node, called + " iterates in another order in each JVM; use a List or a Tree");
      }
      if (called.endsWith(".parallelStream")) {
        report(node, "a parallel stream has no order");
      }
      if (!isTest && formatsByDefaultLocale(called, node.getArguments())) {
        report(node, called + " without Locale.ROOT");
      }
      return super.visitMethodInvocation(node, nothing);
    }

    @Override
    public Void visitVariable(VariableTree node, Void nothing) {
      String type = String.valueOf(node.getType());
      if (node.getInitializer() instanceof NewClassTree made && isHash(made)) {
        for (String name : enums) {
          if (type.matches("(Map|Set|HashMap|HashSet)<" + name + "[,>].*")) {
            report(node, "a hash of the enum " + name + " has another order in each JVM");
          }
        }
      }
      return super.visitVariable(node, nothing);
    }

    private boolean isHash(NewClassTree made) {
      return made.getIdentifier().toString().matches("Hash(Map|Set)(<.*)?");
    }

    private boolean isUnordered(String called) {
      return switch (called) {
        case "Set.of", "Map.of", "Map.ofEntries", "Set.copyOf", "Map.copyOf" -> true;
        default -> false;
      };
    }

    private boolean formatsByDefaultLocale(String called, List<? extends ExpressionTree> given) {
      boolean formats =
          called.equals("String.format")
              || called.endsWith(".printf")
              || called.endsWith(".formatted");
      boolean lowers = called.endsWith(".toLowerCase") || called.endsWith(".toUpperCase");
      if (formats) {
        return given.isEmpty() || !given.get(0).toString().startsWith("Locale.");
      }
      // Character.toLowerCase(c) knows no locale; String.toLowerCase() asks for the default one.
      return lowers && given.isEmpty();
    }
  }

  private void report(Tree node, String sentence) {
    violations.add(file + ":" + lineOf(node) + ": " + sentence);
  }

  private long lineOf(Tree node) {
    return lineAt(positions.getStartPosition(unit, node));
  }

  private long lineAt(long position) {
    return position < 0 ? 0 : unit.getLineMap().getLineNumber(position);
  }
}
