package chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clojure.java.api.Clojure;
import clojure.lang.IDeref;
import clojure.lang.IFn;
import clojure.lang.ILookup;
import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import clojure.lang.PersistentHashMap;
import clojure.lang.PersistentVector;
import clojure.lang.RT;
import clojure.lang.Symbol;
import clojure.lang.Var;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * One JUnit test for each {@code deftest}, so that Surefire counts and fails them. Every file
 * {@code chaos/**_test.clj} beside this class is taken; none has to be listed.
 */
class ClojureTest {
  private static final String SUFFIX = "_test.clj";

  @TestFactory
  Stream<DynamicNode> clojure() throws IOException, URISyntaxException {
    IFn require = Clojure.var("clojure.core", "require");
    require.invoke(Clojure.read("clojure.test"));
    List<DynamicNode> nodes = new ArrayList<>();
    for (String name : namespaces()) {
      Symbol namespace = Symbol.intern(name);
      require.invoke(namespace);
      nodes.add(DynamicContainer.dynamicContainer(name, tests(namespace)));
    }
    assertTrue(!nodes.isEmpty(), "no namespace with tests was found");
    return nodes.stream();
  }

  private static List<String> namespaces() throws IOException, URISyntaxException {
    Path root = Path.of(ClojureTest.class.getResource("/chaos/generator_test.clj").toURI());
    Path base = root.getParent().getParent();
    try (Stream<Path> files = Files.walk(base.resolve("chaos"))) {
      return files
          .map(file -> base.relativize(file).toString())
          .filter(file -> file.endsWith(SUFFIX))
          .map(file -> file.substring(0, file.length() - ".clj".length()))
          .map(file -> file.replace('\\', '/').replace('/', '.').replace('_', '-'))
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Stream<DynamicTest> tests(Symbol namespace) {
    IFn interns = Clojure.var("clojure.core", "ns-interns");
    List<DynamicTest> tests = new ArrayList<>();
    for (Object each : ((Map<?, ?>) interns.invoke(namespace)).values()) {
      Var test = (Var) each;
      if (((ILookup) test.meta()).valAt(Keyword.intern("test")) != null) {
        tests.add(DynamicTest.dynamicTest(test.sym.getName(), () -> run(test)));
      }
    }
    tests.sort(Comparator.comparing(DynamicTest::getDisplayName));
    return tests.stream();
  }

  private static void run(Var test) {
    StringWriter said = new StringWriter();
    Var initial = (Var) Clojure.var("clojure.test", "*initial-report-counters*");
    Object counters = Clojure.var("clojure.core", "ref").invoke(initial.deref());
    Map<String, Object> bindings = new TreeMap<>();
    bindings.put("*report-counters*", counters);
    bindings.put("*test-out*", said);
    Clojure.var("clojure.core", "with-bindings*")
        .invoke(
            vars(bindings),
            Clojure.var("clojure.test", "test-vars"),
            PersistentVector.create(test));
    IPersistentMap counted = (IPersistentMap) ((IDeref) counters).deref();
    assertEquals(0, count(counted, "fail") + count(counted, "error"), said.toString());
    assertTrue(count(counted, "pass") > 0, "no assertion in " + test);
  }

  private static Object vars(Map<String, Object> bindings) {
    Object map = PersistentHashMap.EMPTY;
    for (Map.Entry<String, Object> binding : bindings.entrySet()) {
      map = RT.assoc(map, Clojure.var("clojure.test", binding.getKey()), binding.getValue());
    }
    return map;
  }

  private static long count(IPersistentMap counted, String what) {
    return ((Number) counted.valAt(Keyword.intern(what), 0L)).longValue();
  }
}
