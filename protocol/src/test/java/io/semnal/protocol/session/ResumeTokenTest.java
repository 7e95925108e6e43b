package io.semnal.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumeTokenTest {
  @Test
  void readsWhatItWrites() {
    ResumeToken token = new ResumeToken(4_294_967_294L, Long.MAX_VALUE);
    assertThat(ResumeToken.parse(token.toString())).isEqualTo(token);
    assertThat(ResumeToken.parse("1:0")).isEqualTo(new ResumeToken(1, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":", "1", "1:", ":1", "1:2:3", "a:1", "-1:1", "1:-1", "4294967295:1"})
  void refusesOthersInWords(String text) {
    assertThatThrownBy(() -> ResumeToken.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("resume token");
  }

  @Test
  void keyFileErrorsNameFileAndLineButNoSecret(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("key");
    Files.writeString(file, "id=demo\nsecret=00ff\n");
    assertThat(ClientKey.read(file)).isEqualTo(new ClientKey("demo", new byte[] {0, -1}));
    assertThat(ClientKey.read(file).toString()).doesNotContain("ff");
    Files.writeString(file, "id=demo\nsecret=hush\n");
    assertThatThrownBy(() -> ClientKey.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString())
        .hasMessageNotContaining("hush")
        .hasNoCause();
    Files.writeString(file, "id=demo\n");
    assertThatThrownBy(() -> ClientKey.read(file)).hasMessageContaining("'secret=…'");
  }
}
