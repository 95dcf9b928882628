package tlc2.overrides;

import io.watchword.spec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tlc2.value.impl.BoolValue;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.TupleValue;
import tlc2.value.impl.Value;
import util.UniqueString;

/**
 * The operators of {@code spec/trace/NdTrace.tla}. They stand for the community modules Json and
 * IOUtils, which this TLC lacks, and print for {@code TraceCheck} what a state graph cannot tell.
 * Traces are searched by one worker.
 */
public final class NdTraceOverride {
  /** First word of a line with the row that was reached. */
  public static final String REACHED = "@reached ";

  /** First word of a line with what the model says at a row. */
  public static final String SEEN = "@seen ";

  private static Value rows;
  private static int reached;

  private NdTraceOverride() {}

  /** The rows as a sequence of records, read once. */
  @TLAPlusOperator(identifier = "NdTraceRead", module = "NdTrace", warn = false)
  public static synchronized Value read(Value property) throws IOException {
    if (rows == null) {
      List<Value> values = new ArrayList<>();
      for (String line : Files.readAllLines(Path.of(System.getProperty(text(property))))) {
        values.add(value(Json.read(line)));
      }
      rows = new TupleValue(values.toArray(new Value[0]));
      rows.deepNormalize();
    }
    return rows;
  }

  /** A number given on the command line of TLC's JVM. */
  @TLAPlusOperator(identifier = "NdTraceNumber", module = "NdTrace", warn = false)
  public static Value number(Value property) {
    return IntValue.gen(Integer.getInteger(text(property), 0));
  }

  /** Prints the row if no state came that far before. */
  @TLAPlusOperator(identifier = "NdTraceReached", module = "NdTrace", warn = false)
  public static synchronized Value reached(Value row) {
    int number = ((IntValue) row).val;
    if (number > reached) {
      reached = number;
      System.out.println(REACHED + number);
    }
    return BoolValue.ValTrue;
  }

  /** Prints a view: {@code @seen before offset=3 ...}. */
  @TLAPlusOperator(identifier = "NdTraceSeen", module = "NdTrace", warn = false)
  public static synchronized Value seen(Value when, Value view) {
    StringBuilder line = new StringBuilder(SEEN + text(when));
    RecordValue record = (RecordValue) view;
    for (int i = 0; i < record.names.length; i++) {
      String value = record.values[i] instanceof StringValue s ? s.val.toString() : null;
      line.append(' ').append(record.names[i]).append('=');
      line.append(value != null ? value : record.values[i].toString());
    }
    System.out.println(line);
    return BoolValue.ValTrue;
  }

  private static String text(Value value) {
    return ((StringValue) value).val.toString();
  }

  private static Value value(Object json) {
    if (json instanceof Map<?, ?> map) {
      UniqueString[] names = new UniqueString[map.size()];
      Value[] values = new Value[map.size()];
      int i = 0;
      for (Map.Entry<?, ?> field : map.entrySet()) {
        names[i] = UniqueString.uniqueStringOf((String) field.getKey());
        values[i++] = value(field.getValue());
      }
      return new RecordValue(names, values, false);
    }
    if (json instanceof List<?> list) {
      return new TupleValue(list.stream().map(NdTraceOverride::value).toArray(Value[]::new));
    }
    if (json instanceof Boolean truth) {
      return truth ? BoolValue.ValTrue : BoolValue.ValFalse;
    }
    return json instanceof Long number
        ? IntValue.gen(Math.toIntExact(number))
        : new StringValue((String) json);
  }
}
