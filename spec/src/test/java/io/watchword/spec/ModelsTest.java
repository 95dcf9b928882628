package io.watchword.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every model of profile ci comes out as {@code models.json} says. */
class ModelsTest {
  @TestFactory
  Stream<DynamicTest> shouldComeOutAsExpected() throws IOException {
    return Spec.models().stream()
        .filter(model -> model.profile() == Model.Profile.CI)
        .map(model -> DynamicTest.dynamicTest(model.name(), () -> check(model)));
  }

  private static void check(Model model) throws IOException, InterruptedException {
    int workers = Runtime.getRuntime().availableProcessors();
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Judgement judgement =
        new ModelCheck(Spec.folder(), workers, new Progress(nowhere, false))
            .run(List.of(model))
            .get(0);

    assertThat(judgement.verdict())
        .as(judgement.got() + ", " + judgement.states() + " states")
        .isEqualTo(Judgement.Verdict.AS_EXPECTED);
  }
}
