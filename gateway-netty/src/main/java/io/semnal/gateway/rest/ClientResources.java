package io.semnal.gateway.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.semnal.core.market.Timeframe;
import io.semnal.gateway.OutboundHistory;
import io.semnal.gateway.json.JsonMessages;
import io.semnal.gateway.rest.Problem.Code;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.StrategyDefinitionDecoder;
import io.semnal.protocol.session.PeerKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;

/**
 * What a client's key may read: definitions, latest quotes, history, outcomes. Loop thread; the
 * journal is read beside it.
 */
public final class ClientResources {
  static final String BASE = "/api/v1/";
  private static final int CHEAP = 1;

  private final EdgeState state;
  private final TreeSet<Timeframe> timeframes;
  private final Supplier<List<OutcomeRow>> outcomes;

  private ClientResources(
      EdgeState state, Collection<Timeframe> timeframes, Supplier<List<OutcomeRow>> outcomes) {
    this.state = state;
    this.timeframes = new TreeSet<>(timeframes);
    this.outcomes = outcomes;
  }

  /**
   * The clients' port.
   *
   * @param gate who may come in
   * @param origins whose pages may read the answers in a browser
   * @param outcomes answers at once, on the loop's thread
   */
  public static RestPort port(
      EdgeState state,
      OutboundHistory history,
      Collection<Timeframe> timeframes,
      RestGate gate,
      LongSupplier clockMillis,
      List<String> origins,
      Supplier<List<OutcomeRow>> outcomes) {
    ClientResources resources = new ClientResources(state, timeframes, outcomes);
    List<Route> routes = new ArrayList<>(resources.routes());
    routes.addAll(new HistoryResources(state, history, clockMillis).routes());
    return new RestPort(routes, origins, gate, false, clockMillis);
  }

  private List<Route> routes() {
    return List.of(
        document(),
        get("instruments", Set.of(), this::instruments),
        get("timeframes", Set.of(), call -> done(timeframes())),
        get("quotes", Set.of("instrument"), this::quotes),
        get(
            "models",
            Set.of(),
            c -> done(definitions("models", ModelDefinitionDecoder.TEMPLATE_ID))),
        get(
            "strategies",
            Set.of(),
            c -> done(definitions("strategies", StrategyDefinitionDecoder.TEMPLATE_ID))),
        get("statistics", Set.of("instrument", "timeframe"), this::statistics));
  }

  private static Route get(String name, Set<String> parameters, Route.Resource resource) {
    return new Route("GET", BASE + name, false, CHEAP, parameters, resource);
  }

  /** The description of both ports, for everybody. */
  static Route document() {
    byte[] json = read("openapi.json");
    return new Route(
        "GET", BASE + "openapi.json", true, CHEAP, Set.of(), call -> done(Reply.json(json)));
  }

  private static byte[] read(String name) {
    try (InputStream in = ClientResources.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read resource " + name, e);
    }
  }

  static CompletionStage<Reply> done(Reply reply) {
    return CompletableFuture.completedFuture(reply);
  }

  private CompletionStage<Reply> instruments(Call call) {
    return done(
        array(
            "instruments",
            (messages, out) ->
                state
                    .catalogue()
                    .forEach(
                        (buffer, offset, length) -> {
                          if (isTemplate(buffer, offset, InstrumentDefinitionDecoder.TEMPLATE_ID)
                              && mayRead(call.key(), buffer, offset)) {
                            write(messages, out, buffer, offset);
                          }
                        })));
  }

  private Reply definitions(String name, int template) {
    return array(
        name,
        (messages, out) ->
            state
                .catalogue()
                .forEach(
                    (buffer, offset, length) -> {
                      if (isTemplate(buffer, offset, template)) {
                        write(messages, out, buffer, offset);
                      }
                    }));
  }

  private Reply timeframes() {
    return Reply.json(
        Json.object(
            out -> {
              out.writeArrayFieldStart("timeframes");
              for (Timeframe timeframe : timeframes) {
                out.writeStartObject();
                out.writeStringField("timeframe", timeframe.label());
                out.writeNumberField("seconds", timeframe.seconds());
                out.writeEndObject();
              }
              out.writeEndArray();
            }));
  }

  private CompletionStage<Reply> quotes(Call call) throws Problem {
    require(call.key(), Channel.QUOTES);
    Reach.requireUndelayed(call.key(), "latest quotes");
    int wanted = instrument(call, state.catalogue());
    return done(
        array(
            "quotes",
            (messages, out) ->
                state.quotes(
                    (buffer, offset, length) -> {
                      int id = quoteInstrument(buffer, offset);
                      if ((wanted == 0 || wanted == id)
                          && mayRead(call.key(), state.catalogue(), id)) {
                        write(messages, out, buffer, offset);
                      }
                    })));
  }

  private static int quoteInstrument(DirectBuffer buffer, int offset) {
    return buffer.getInt(
        offset
            + MessageLayout.HEADER
            + io.semnal.protocol.sbe.ViewerQuoteDecoder.instrumentIdEncodingOffset(),
        java.nio.ByteOrder.LITTLE_ENDIAN);
  }

  private CompletionStage<Reply> statistics(Call call) throws Problem {
    require(call.key(), Channel.SIGNALS);
    Reach.requireUndelayed(call.key(), "statistics");
    Catalogue names = state.catalogue();
    int instrument = instrument(call, names);
    int timeframe = call.query().timeframe("timeframe");
    return done(
        Reply.json(
            Json.object(
                out -> {
                  out.writeArrayFieldStart("statistics");
                  for (OutcomeRow row : outcomes.get()) {
                    if ((instrument == 0 || instrument == row.instrumentId())
                        && (timeframe == 0 || timeframe == row.timeframe())
                        && mayRead(call.key(), names, row.instrumentId())) {
                      write(out, names, row);
                    }
                  }
                  out.writeEndArray();
                })));
  }

  private static void write(JsonGenerator out, Catalogue names, OutcomeRow row) throws IOException {
    out.writeStartObject();
    out.writeStringField("model", names.model(row.modelId()));
    out.writeStringField("instrument", names.instrument(row.instrumentId()));
    out.writeStringField("timeframe", new Timeframe(row.timeframe()).label());
    out.writeStringField("session", row.session());
    out.writeStringField("count", Long.toString(row.count()));
    out.writeStringField("wins", Long.toString(row.wins()));
    Json.real(out, "hitRate", (double) row.wins() / row.count());
    Json.real(out, "pips", row.pips());
    Json.real(out, "expectancyPips", row.pips() / row.count());
    Json.real(out, "profitFactor", row.profitFactor());
    Json.real(out, "brierScore", row.brierScore());
    out.writeEndObject();
  }

  // What the resources share

  private interface Elements {
    void write(JsonMessages messages, JsonGenerator out);
  }

  private Reply array(String name, Elements elements) {
    JsonMessages messages = new JsonMessages(state.catalogue());
    return Reply.json(
        Json.object(
            out -> {
              out.writeArrayFieldStart(name);
              elements.write(messages, out);
              out.writeEndArray();
            }));
  }

  private static void write(
      JsonMessages messages, JsonGenerator out, DirectBuffer buffer, int offset) {
    try {
      Json.raw(out, messages.bytes(), messages.encode(buffer, offset, false));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }

  private static boolean isTemplate(DirectBuffer buffer, int offset, int template) {
    return MessageLayout.templateId(buffer, offset) == template;
  }

  private boolean mayRead(PeerKey key, DirectBuffer buffer, int offset) {
    return mayRead(key, state.catalogue(), MessageLayout.instrumentId(buffer, offset));
  }

  static boolean mayRead(PeerKey key, Catalogue names, int instrumentId) {
    String symbol = names.instrument(instrumentId);
    return symbol != null && key.mayRead(symbol);
  }

  static void require(PeerKey key, Channel channel) throws Problem {
    if ((key.channels() & channel.bit()) == 0) {
      throw new Problem(
          Code.NOT_ENTITLED, "key '" + key.id() + "' may not read " + channel.wireName());
    }
  }

  /** The instrument asked for, or 0; what the key may not read is not there. */
  static int instrument(Call call, Catalogue names) throws Problem {
    String symbol = call.query().text("instrument");
    if (symbol == null) {
      return 0;
    }
    int id = names.instrumentId(symbol);
    if (id == 0 || !call.key().mayRead(symbol)) {
      throw new Problem(
          Code.UNKNOWN_INSTRUMENT, "no instrument '" + Query.shown(symbol) + "' is known");
    }
    return id;
  }
}
