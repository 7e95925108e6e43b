package io.semnal.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.market.Timeframe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureCsvTest {
  @TempDir private Path folder;

  @Test
  void writesOneRowPerBarFromDefinedOn() throws IOException {
    Path bars =
        file(
            """
            date,open,high,low,close,volume
            2017-01-03,1,2,0.5,1.5,10
            2017-01-04,1.5,2,1,1.75,
            2017-01-05,1.75,3,1,2.123456789,30
            """);
    Path out = folder.resolve("out.csv");
    long rows =
        FeatureCsv.write(
            bars, FeatureCsv.splitColumns("close, sma(close,2), volume,spread.mean"), null, out);
    assertThat(rows).isEqualTo(3);
    assertThat(Files.readString(out))
        .isEqualTo(
            """
            time,close,"sma(close,2)",volume,spread.mean
            2017-01-03,1.5,,10.0,0.0
            2017-01-04,1.75,1.625,,0.0
            2017-01-05,2.12345679,1.936728395,30.0,0.0
            """);
    assertThat(folder.resolve("out.csv.part")).doesNotExist();
  }

  @Test
  void longerTimeframesAreMadeFromTheFile() throws IOException {
    StringBuilder text = new StringBuilder("\uFEFFtime,open,high,low,close\n");
    for (int i = 0; i < 12; i++) {
      text.append("2020-12-15 09:%02d,%d,%d,%d,%d\n".formatted(30 + i, i, i, i, i));
    }
    Path out = folder.resolve("out.csv");
    FeatureCsv.write(file(text.toString()), List.of("close@5m"), Timeframe.M1, out);
    List<String> lines = Files.readAllLines(out);
    assertThat(lines.get(4)).isEqualTo("2020-12-15 09:33,");
    assertThat(lines.get(5)).isEqualTo("2020-12-15 09:34,4.0");
    assertThat(lines.get(12)).isEqualTo("2020-12-15 09:41,9.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "date,open,high,low,close\\n2017-01-03,1,1,x,1 | line 2: 'x' is not a price (column low)",
        "date,open,high,low,close\\n2017-01-03,1,1,1 | line 2: has 4 columns, the header 5",
        "date,open,high,low,close\\n2017-01-03,1,1,NaN,1 | line 2: 'NaN' is not a price (column low)",
        "date,open,high,low,close\\n01/03/2017,1,1,1,1 | line 2: '01/03/2017' is not a time such as",
        "date,open,low,close | line 1: the header 'date,open,low,close' has no column high",
        "date,open,high,low,close\\n2017-01-03,1,1,1,1\\n2017-01-03,1,1,1,1 | line 3: '2017-01-03' lies before the end",
      })
  void namesFileLineAndProblem(String content, String message) throws IOException {
    Path bars = file(content.replace("\\n", "\n"));
    Path out = folder.resolve("out.csv");
    assertThatThrownBy(() -> FeatureCsv.write(bars, List.of("close"), Timeframe.D1, out))
        .isInstanceOf(BarFileException.class)
        .hasMessageContaining(bars + ", " + message);
    assertThat(out).doesNotExist();
    assertThat(folder.resolve("out.csv.part")).doesNotExist();
  }

  @Test
  void asksForTheTimeframeWhereTimesDoNotShowIt() throws IOException {
    Path bars = file("date,open,high,low,close\n2017-01-03,1,1,1,1\n");
    assertThatThrownBy(
            () -> FeatureCsv.write(bars, List.of("close"), null, folder.resolve("out.csv")))
        .hasMessageContaining("give the timeframe");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("bars.csv"), text);
  }
}
