package io.semnal.gateway.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.semnal.protocol.session.MessageCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.ExpandableArrayBuffer;

/** Whatever text comes: a message that decodes, or a refusal with a reason; nothing else. */
class JsonFuzzTest {
  private static final ObjectMapper PEER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  @FuzzTest(maxDuration = "10m")
  void requestsBecomeMessagesThatDecode(byte[] text) throws IOException {
    String read = new String(text, StandardCharsets.UTF_8);
    ExpandableArrayBuffer target = new ExpandableArrayBuffer(16);
    JsonRequests requests = new JsonRequests(new FewNames());
    int length;
    try {
      length = requests.encode(text, 0, text.length, target);
    } catch (BadRequestException e) {
      assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(200);
      assertThat(e.getMessage()).matches("[\\x20-\\x7E…]*");
      return;
    }
    // What is taken is JSON to another reader too, and says the type that was taken.
    assertThat(read.getBytes(StandardCharsets.UTF_8)).as("UTF-8").isEqualTo(text);
    JsonNode request = PEER.readTree(read);
    assertThat(request.isObject()).isTrue();
    if (length == JsonRequests.PING) {
      assertThat(request.get("type").asText()).isEqualTo("ping");
      return;
    }
    assertThat(MessageCheck.check(target, 0, length)).isEqualTo(MessageCheck.OK);
    // Nothing of the request before is in it: a fresh encoder says the same.
    ExpandableArrayBuffer again = new ExpandableArrayBuffer(4_096);
    again.setMemory(0, again.capacity(), (byte) 0x55);
    assertThat(encodeAgain(text, again)).isEqualTo(length);
    assertThat(Arrays.copyOf(again.byteArray(), length))
        .isEqualTo(Arrays.copyOf(target.byteArray(), length));
  }

  private static int encodeAgain(byte[] text, ExpandableArrayBuffer target) {
    try {
      return new JsonRequests(new FewNames()).encode(text, 0, text.length, target);
    } catch (BadRequestException e) {
      throw new AssertionError(e);
    }
  }

  /** One instrument and one strategy. */
  private static final class FewNames implements Names {
    @Override
    public String instrument(int id) {
      return null;
    }

    @Override
    public int priceDecimals(int id) {
      return 0;
    }

    @Override
    public String strategy(int id) {
      return null;
    }

    @Override
    public String model(int id) {
      return null;
    }

    @Override
    public String featureSet(int id) {
      return null;
    }

    @Override
    public int instrumentId(String symbol) {
      return symbol.equals("EURUSD") ? 1 : 0;
    }

    @Override
    public int strategyId(String name) {
      return name.equals("trend") ? 2 : 0;
    }
  }
}
