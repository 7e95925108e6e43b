package io.semnal.research.matrix;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigUtil;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.features.FeaturePipeline;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a matrix's file says about itself. */
public final class MatrixMetadata {
  private static final long NANOS = 1_000_000_000L;

  private MatrixMetadata() {}

  /**
   * Keys and values; lists are JSON.
   *
   * @param build that computed it
   * @param sources files or journal that it was made from
   */
  public static Map<String, String> of(MatrixSpec spec, String build, List<String> sources) {
    FeatureSetConfig set = spec.set();
    Map<String, String> all = new LinkedHashMap<>();
    all.put("semnal.kind", "features");
    all.put("semnal.set", set.name());
    all.put("semnal.hash", hash(set));
    all.put("semnal.columns", json(set.inputs()));
    if (set.window() > 1) {
      all.put("semnal.window", Integer.toString(set.window()));
    }
    all.put("semnal.timeframe", set.timeframe().label());
    all.put("semnal.price", set.price().name().toLowerCase(Locale.ROOT));
    all.put("semnal.alignment", spec.engine().alignment());
    all.put("semnal.holidays", json(spec.engine().holidays().stream().map(d -> "" + d).toList()));
    all.put("semnal.values", spec.float32() ? "float32" : "float64");
    all.put("semnal.rows", spec.rows().name().toLowerCase(Locale.ROOT));
    if (spec.from() != Long.MIN_VALUE) {
      all.put("semnal.from", instant(spec.from()));
    }
    if (spec.to() != Long.MAX_VALUE) {
      all.put("semnal.to", instant(spec.to()));
    }
    all.put("semnal.configuration", configuration(set));
    all.put("semnal.build", build);
    all.put("semnal.sources", json(sources));
    return all;
  }

  /** The hash that a model's card names. */
  public static String hash(FeatureSetConfig set) {
    return HexFormat.of().formatHex(FeaturePipeline.hash(set));
  }

  /** The set as a configuration file says it. */
  private static String configuration(FeatureSetConfig set) {
    return "features."
        + ConfigUtil.quoteString(set.name())
        + " { timeframe = "
        + set.timeframe().label()
        + ", price = "
        + set.price().name().toLowerCase(Locale.ROOT)
        + ", columns = ["
        + set.columns().stream().map(ConfigUtil::quoteString).collect(Collectors.joining(", "))
        + (set.window() == 1 ? "] }" : "], window = " + set.window() + " }");
  }

  private static String json(List<String> values) {
    try {
      return new ObjectMapper().writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a list of texts is JSON", e);
    }
  }

  private static String instant(long nanos) {
    return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS))
        .toString();
  }
}
