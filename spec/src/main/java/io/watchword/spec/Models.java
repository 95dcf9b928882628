package io.watchword.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads {@code spec/models.json}, the list of everything that is checked. */
public final class Models {
  private Models() {}

  /**
   * All models, in the order of the file.
   *
   * @param spec the folder {@code spec/}
   * @throws IllegalArgumentException if the file does not say what it must
   */
  public static List<Model> read(Path spec) throws IOException {
    Map<String, Object> file = Json.readObject(Files.readString(spec.resolve("models.json")));
    List<Model> models = new ArrayList<>();
    for (Object row : Json.field(file, "models", List.class)) {
      models.add(model(Json.object(row, "a row of models.json")));
    }
    return List.copyOf(models);
  }

  private static Model model(Map<String, Object> row) {
    String name = Json.field(row, "name", String.class);
    try {
      Model.Expected expected = Model.Expected.valueOf(upper(row, "expected"));
      boolean passes = expected == Model.Expected.PASS;
      return new Model(
          name,
          Json.field(row, "module", String.class),
          Json.field(row, "cfg", String.class),
          Model.Mode.valueOf(upper(row, "mode")),
          expected,
          passes ? "" : Json.field(row, "invariant", String.class),
          passes ? Json.field(row, "states", Long.class) : 0,
          passes ? texts(row, "untaken") : List.of(),
          Math.toIntExact(Json.field(row, "budgetSeconds", Long.class)),
          Model.Profile.valueOf(upper(row, "profile")),
          row.containsKey("twin") ? Json.field(row, "twin", String.class) : "");
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("models.json: model " + name + ": " + e.getMessage(), e);
    }
  }

  private static List<String> texts(Map<String, Object> row, String name) {
    List<String> texts = new ArrayList<>();
    for (Object text : Json.field(row, name, List.class)) {
      texts.add(String.valueOf(text));
    }
    return List.copyOf(texts);
  }

  private static String upper(Map<String, Object> row, String name) {
    return Json.field(row, name, String.class).toUpperCase(Locale.ROOT);
  }
}
