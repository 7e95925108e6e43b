package io.semnal.server.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.semnal.core.market.Timeframe;
import io.semnal.gateway.json.JsonMessages;
import io.semnal.gateway.json.Names;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.EngineStatusDecoder;
import io.semnal.protocol.sbe.FeedQualityDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.protocol.sbe.ViewerQuoteDecoder;
import io.semnal.research.export.Decimals;
import io.semnal.research.export.Definitions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.agrona.DirectBuffer;

/**
 * Turns published messages into lines, and counts them. Session messages and definitions get no
 * line.
 */
final class MessageLines {
  private static final Set<String> PUBLISHED =
      Set.of(
          "signal",
          "signalEvent",
          "score",
          "bar",
          "quote",
          "viewerQuote",
          "feedQuality",
          "engineStatus",
          "discontinuity");

  private final PrintWriter out;
  private final boolean json;
  private final Definitions definitions = new Definitions();
  private final JsonMessages encoder = new JsonMessages(new DefinedNames(definitions));
  private final JsonFactory parser = new JsonFactory();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final BarDecoder bar = new BarDecoder();
  private final ScoreDecoder score = new ScoreDecoder();
  private final SignalDecoder signal = new SignalDecoder();
  private final SignalEventDecoder event = new SignalEventDecoder();
  private final ViewerQuoteDecoder quote = new ViewerQuoteDecoder();
  private final FeedQualityDecoder feed = new FeedQualityDecoder();
  private final EngineStatusDecoder engine = new EngineStatusDecoder();
  private final SessionErrorDecoder error = new SessionErrorDecoder();
  private long left;
  private long lastOutSeq;
  private String failure;

  MessageLines(PrintWriter out, boolean json, long count) {
    this.out = out;
    this.json = json;
    left = count;
  }

  boolean isDone() {
    return left <= 0 || failure != null;
  }

  long lastOutSeq() {
    return lastOutSeq;
  }

  /** What the server complained of, or {@code null}. */
  String failure() {
    return failure;
  }

  /** One SBE message. */
  void onMessage(DirectBuffer buffer, int offset) {
    int template = MessageLayout.templateId(buffer, offset);
    definitions.learn(buffer, offset);
    if (template == SessionErrorDecoder.TEMPLATE_ID) {
      error.wrapAndApplyHeader(buffer, offset, header);
      failure = "the server says " + error.code() + ": " + error.text();
      return;
    }
    boolean viewer = template == ViewerQuoteDecoder.TEMPLATE_ID;
    boolean published = MessageLayout.isOutbound(template) && !Definitions.defines(template);
    if (isDone() || !viewer && !published) {
      return;
    }
    if (published) {
      lastOutSeq = MessageLayout.outSeq(buffer, offset);
    }
    left--;
    if (json) {
      int length = encoder.encode(buffer, offset, true);
      out.println(new String(encoder.bytes(), 0, length, StandardCharsets.UTF_8));
    } else {
      out.println(viewer ? quoteLine(buffer, offset) : line(template, buffer, offset));
    }
  }

  /** One JSON text of the server. */
  void onText(String text) {
    String type = "";
    String outSeq = "0";
    try (JsonParser fields = parser.createParser(text)) {
      fields.nextToken();
      while (fields.nextToken() == JsonToken.FIELD_NAME) {
        String name = fields.currentName();
        fields.nextToken();
        if (name.equals("type")) {
          type = fields.getText();
        } else if (name.equals("outSeq")) {
          outSeq = fields.getText();
        } else {
          fields.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("the server sent text that is not JSON: " + text, e);
    }
    if (type.equals("error")) {
      failure = "the server says " + text;
    } else if (PUBLISHED.contains(type) && !isDone()) {
      lastOutSeq = Math.max(lastOutSeq, Long.parseLong(outSeq));
      left--;
      out.println(text);
    }
  }

  private String line(int template, DirectBuffer buffer, int offset) {
    Definitions.InstrumentName name =
        definitions.instrument(MessageLayout.instrumentId(buffer, offset));
    int seconds = MessageLayout.timeframe(buffer, offset);
    String strategy = definitions.strategy(MessageLayout.strategyId(buffer, offset));
    String what =
        switch (template) {
          case SignalDecoder.TEMPLATE_ID -> signalText(buffer, offset, name.decimals());
          case SignalEventDecoder.TEMPLATE_ID -> eventText(buffer, offset, name.decimals());
          case ScoreDecoder.TEMPLATE_ID -> scoreText(buffer, offset);
          case BarDecoder.TEMPLATE_ID -> barText(buffer, offset, name.decimals());
          case FeedQualityDecoder.TEMPLATE_ID -> feedText(buffer, offset);
          case EngineStatusDecoder.TEMPLATE_ID -> engineText(buffer, offset);
          default -> "message of template " + template;
        };
    return "#"
        + MessageLayout.outSeq(buffer, offset)
        + " "
        + Decimals.time(MessageLayout.outboundTime(buffer, offset))
        + " "
        + (MessageLayout.instrumentId(buffer, offset) == 0 ? "all" : name.symbol())
        + (seconds > 0 ? " " + new Timeframe(seconds).label() : "")
        + (strategy.isEmpty() ? "" : " " + strategy)
        + " "
        + what;
  }

  private String signalText(DirectBuffer buffer, int offset, int decimals) {
    signal.wrapAndApplyHeader(buffer, offset, header);
    return String.format(
        java.util.Locale.ROOT,
        "signal %s strength %.4f%s by %s",
        signal.signalType(),
        signal.strength(),
        signal.signalType() == SignalType.NEUTRAL ? "" : levels(decimals),
        definitions.model(signal.modelId()));
  }

  private String levels(int decimals) {
    return " entry "
        + Decimals.price(signal.entry(), decimals)
        + " stop "
        + Decimals.price(signal.stopLoss(), decimals)
        + " target "
        + Decimals.price(signal.takeProfit(), decimals)
        + " until "
        + Decimals.time(signal.expiration());
  }

  private String eventText(DirectBuffer buffer, int offset, int decimals) {
    event.wrapAndApplyHeader(buffer, offset, header);
    return String.format(
        java.util.Locale.ROOT,
        "event of #%d %s %s at %s%s",
        event.signalId(),
        event.state(),
        event.reason(),
        Decimals.price(event.price(), decimals),
        Double.isNaN(event.pips())
            ? ""
            : String.format(java.util.Locale.ROOT, " %+.1f pips", event.pips()));
  }

  private String scoreText(DirectBuffer buffer, int offset) {
    score.wrapAndApplyHeader(buffer, offset, header);
    return String.format(
        java.util.Locale.ROOT,
        "score buy %.4f sell %.4f neutral %.4f: %s",
        score.buy(),
        score.sell(),
        score.neutral(),
        score.reason());
  }

  private String barText(DirectBuffer buffer, int offset, int decimals) {
    bar.wrapAndApplyHeader(buffer, offset, header);
    return "bar from "
        + Decimals.time(bar.openTime())
        + " bid "
        + Decimals.price(bar.bidOpen(), decimals)
        + " "
        + Decimals.price(bar.bidHigh(), decimals)
        + " "
        + Decimals.price(bar.bidLow(), decimals)
        + " "
        + Decimals.price(bar.bidClose(), decimals)
        + " ask "
        + Decimals.price(bar.askOpen(), decimals)
        + " "
        + Decimals.price(bar.askHigh(), decimals)
        + " "
        + Decimals.price(bar.askLow(), decimals)
        + " "
        + Decimals.price(bar.askClose(), decimals)
        + ", "
        + bar.ticks()
        + " ticks";
  }

  private String feedText(DirectBuffer buffer, int offset) {
    feed.wrapAndApplyHeader(buffer, offset, header);
    return "feed " + feed.sourceId() + " is " + feed.state() + ": " + feed.reason();
  }

  private String engineText(DirectBuffer buffer, int offset) {
    engine.wrapAndApplyHeader(buffer, offset, header);
    return "engine is " + engine.state() + " (" + engine.command() + "): " + engine.reason();
  }

  private String quoteLine(DirectBuffer buffer, int offset) {
    quote.wrapAndApplyHeader(buffer, offset, header);
    Definitions.InstrumentName name = definitions.instrument(quote.instrumentId());
    return Decimals.time(quote.eventTime())
        + " "
        + name.symbol()
        + " "
        + Decimals.price(quote.bid(), name.decimals())
        + " "
        + Decimals.price(quote.ask(), name.decimals());
  }

  private record DefinedNames(Definitions definitions) implements Names {
    @Override
    public String instrument(int id) {
      return definitions.instrument(id).symbol();
    }

    @Override
    public int priceDecimals(int id) {
      return definitions.instrument(id).decimals();
    }

    @Override
    public String strategy(int id) {
      return definitions.strategy(id);
    }

    @Override
    public String model(int id) {
      return definitions.model(id);
    }

    @Override
    public String featureSet(int id) {
      return definitions.featureSet(id);
    }

    // Messages are only written here: nobody asks for the way back.

    @Override
    public int instrumentId(String symbol) {
      return 0;
    }

    @Override
    public int strategyId(String name) {
      return 0;
    }
  }
}
