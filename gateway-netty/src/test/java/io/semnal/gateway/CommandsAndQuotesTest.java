package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.CommandResultDecoder;
import io.semnal.protocol.sbe.ConflatedDecoder;
import io.semnal.protocol.sbe.EngineCommandDecoder;
import io.semnal.protocol.sbe.EngineCommandEncoder;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.SubscribedDecoder;
import io.semnal.protocol.sbe.ViewerQuoteDecoder;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommandsAndQuotesTest {
  private static final int QUOTES = 8;
  private final Outbound outbound = new Outbound();
  private final BlockingQueue<byte[]> offered = new LinkedBlockingQueue<>();
  private final AtomicBoolean full = new AtomicBoolean();
  private GatewayFixture gateway;

  @BeforeEach
  void start() throws Exception {
    GatewayFixture.Settings settings = new GatewayFixture.Settings();
    settings.inbound =
        (buffer, offset, length) -> {
          if (full.get()) {
            return false;
          }
          byte[] copy = new byte[length];
          buffer.getBytes(offset, copy);
          return offered.add(copy);
        };
    gateway = new GatewayFixture(settings);
    gateway.history.append(outbound.instrument(1, 1, "EURUSD", 5));
    gateway.history.append(outbound.instrument(2, 2, "USDJPY", 3));
    gateway.start();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static void command(TcpClient client, long requestId, int instrumentId) throws Exception {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
    EngineCommandEncoder e = new EngineCommandEncoder();
    e.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
        .journalSeq(77)
        .time(78)
        .requestId(requestId)
        .until(MessageLayout.ABSENT)
        .instrumentId(instrumentId)
        .strategyId(0)
        .command(EngineCommandType.PAUSE)
        .principal("somebody else")
        .reason("news");
    client.send(buffer, MessageLayout.HEADER + e.encodedLength());
  }

  @Test
  void passesAnAdminsCommandInItsOwnNameAndAnswersWhenJournaled() throws Exception {
    try (TcpClient admin = gateway.connect("admin")) {
      command(admin, 5, 1);
      byte[] message = offered.poll(60, TimeUnit.SECONDS);
      EngineCommandDecoder d = new EngineCommandDecoder();
      UnsafeBuffer buffer = new UnsafeBuffer(message);
      d.wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
      assertThat(d.journalSeq()).isZero();
      assertThat(d.time()).isZero();
      assertThat(d.requestId()).isEqualTo(5);
      assertThat(d.command()).isEqualTo(EngineCommandType.PAUSE);
      assertThat(d.principal()).isEqualTo("admin");
      assertThat(d.reason()).isEqualTo("news");
      MessageLayout.stamp(buffer, 0, 1234, 1);
      gateway.inbound(message);
      CommandResultDecoder result = new CommandResultDecoder();
      result.wrapAndApplyHeader(
          admin.next(CommandResultDecoder.TEMPLATE_ID), 0, new MessageHeaderDecoder());
      assertThat(result.requestId()).isEqualTo(5);
      assertThat(result.journalSeq()).isEqualTo(1234);
    }
  }

  @Test
  void refusesCommandsOfOthersAndOfUnknownThings() throws Exception {
    try (TcpClient client = gateway.connect("all");
        TcpClient admin = gateway.connect("admin")) {
      command(client, 5, 0);
      SessionErrorDecoder error = client.nextError();
      assertThat(error.code()).isEqualTo(ErrorCode.NOT_ENTITLED);
      assertThat(error.requestId()).isEqualTo(5);
      command(admin, 6, 99);
      assertThat(admin.nextError().code()).isEqualTo(ErrorCode.UNKNOWN_INSTRUMENT);
      full.set(true);
      command(admin, 7, 0);
      error = admin.nextError();
      assertThat(error.code()).isEqualTo(ErrorCode.BUSY);
      assertThat(error.retryable()).isEqualTo(io.semnal.protocol.sbe.BooleanType.T);
      assertThat(offered).isEmpty();
    }
  }

  @Test
  void showsQuotesToViewers() throws Exception {
    try (TcpClient client = gateway.connect("all")) {
      client.subscribe(1, QUOTES, "USDJPY").next(SubscribedDecoder.TEMPLATE_ID);
      gateway.inbound(
          outbound.quote(1, 1, 138_000_000),
          outbound.quote(2, 2, 10_200_000_000L),
          outbound.quote(3, 2, 10_200_100_000L));
      ViewerQuoteDecoder quote = new ViewerQuoteDecoder();
      for (long seq = 2; seq <= 3; seq++) {
        quote.wrapAndApplyHeader(
            client.next(ViewerQuoteDecoder.TEMPLATE_ID), 0, new MessageHeaderDecoder());
        assertThat(quote.journalSeq()).isEqualTo(seq);
        assertThat(quote.instrumentId()).isEqualTo(2);
        assertThat(quote.bid()).isEqualTo(10_200_000_000L + (seq - 2) * 100_000);
        assertThat(quote.ask()).isEqualTo(quote.bid() + 10_000);
      }
    }
  }

  /** Quotes of a full connection are left out, told so; the last one arrives. */
  @Test
  void conflatesTheQuotesOfASlowViewer() throws Exception {
    int quotes = 200_000;
    try (TcpClient client =
        new TcpClient(gateway.tcpPort(), 4_096).login(gateway.clientKey("all"))) {
      client.subscribe(1, QUOTES).next(SubscribedDecoder.TEMPLATE_ID);
      for (int from = 1; from <= quotes; from += 1_000) {
        byte[][] batch = new byte[1_000][];
        for (int i = 0; i < batch.length; i++) {
          batch[i] = outbound.quote(from + i, 1, 100_000_000L + from + i);
        }
        gateway.inbound(batch);
      }
      gateway.settle();
      long next = 1;
      long leftOut = 0;
      while (next <= quotes) {
        UnsafeBuffer message = client.next();
        int template = MessageLayout.templateId(message, 0);
        if (template == ConflatedDecoder.TEMPLATE_ID) {
          ConflatedDecoder d = new ConflatedDecoder();
          d.wrapAndApplyHeader(message, 0, new MessageHeaderDecoder());
          assertThat(d.fromSeq()).isEqualTo(next);
          assertThat(d.instrumentId()).isEqualTo(1);
          leftOut += d.toSeq() - d.fromSeq() + 1;
          next = d.toSeq() + 1;
        } else if (template == ViewerQuoteDecoder.TEMPLATE_ID) {
          assertThat(MessageLayout.journalSeq(message, 0)).isEqualTo(next);
          next++;
        }
      }
      assertThat(leftOut).isPositive();
    }
  }
}
