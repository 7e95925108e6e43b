package io.semnal.gateway.rest;

import io.semnal.gateway.OutboundHistory;
import io.semnal.gateway.rest.Problem.Code;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;

/** Bars and signals out of the journal, by page. Loop thread, except for the reading itself. */
final class HistoryResources {
  private static final int COST = 4;
  private static final int MOST_PER_PAGE = 1_000;
  private static final int PER_PAGE = 100;
  private static final long NOT_GIVEN = -1;

  private final EdgeState state;
  private final OutboundHistory history;
  private final LongSupplier clockMillis;
  private final ColdReads reads = new ColdReads();

  HistoryResources(EdgeState state, OutboundHistory history, LongSupplier clockMillis) {
    this.state = state;
    this.history = history;
    this.clockMillis = clockMillis;
  }

  List<Route> routes() {
    return List.of(
        route(
            "bars", Set.of("instrument", "timeframe", "from", "to", "limit", "cursor"), this::bars),
        route(
            "signals",
            Set.of("instrument", "timeframe", "strategy", "type", "from", "to", "limit", "cursor"),
            this::signals),
        route("signals/{id}", Set.of("cursor"), this::signal));
  }

  private static Route route(String name, Set<String> parameters, Route.Resource resource) {
    return new Route("GET", ClientResources.BASE + name, false, COST, parameters, resource);
  }

  private CompletionStage<Reply> bars(Call call) throws Problem {
    ClientResources.require(call.key(), Channel.BARS);
    call.query().required("instrument");
    call.query().required("timeframe");
    return page(call, "bars", new Topic(call, state.catalogue(), BarDecoder.TEMPLATE_ID, 0, -1));
  }

  private CompletionStage<Reply> signals(Call call) throws Problem {
    ClientResources.require(call.key(), Channel.SIGNALS);
    Catalogue names = state.catalogue();
    String strategy = call.query().text("strategy");
    int strategyId = strategy == null ? 0 : names.strategyId(strategy);
    if (strategy != null && strategyId == 0) {
      throw new Problem(
          Code.UNKNOWN_STRATEGY, "no strategy '" + Query.shown(strategy) + "' is known");
    }
    int type = type(call.query().text("type"));
    return page(
        call, "signals", new Topic(call, names, SignalDecoder.TEMPLATE_ID, strategyId, type));
  }

  private static int type(String name) throws Problem {
    if (name == null) {
      return -1;
    }
    for (SignalType type : SignalType.values()) {
      if (type != SignalType.NULL_VAL && type.name().equals(name)) {
        return type.value();
      }
    }
    throw Query.bad("type", "is none of BUY, SELL, NEUTRAL");
  }

  private CompletionStage<Reply> page(Call call, String name, Topic topic) throws Problem {
    Query query = call.query();
    long after = query.number("cursor", 0, Long.MAX_VALUE, NOT_GIVEN);
    int limit = (int) query.number("limit", 1, MOST_PER_PAGE, PER_PAGE);
    Catalogue names = state.catalogue();
    return reads.read(
        () -> {
          Reach reach = reach(call);
          long oldest = topic.isNeverPruned() ? 1 : history.oldest();
          if (after != NOT_GIVEN) {
            reach.check(oldest, after);
          }
          return Reply.json(
              Json.object(
                  out ->
                      new HistoryPage(history, reach, oldest, names, false)
                          .write(out, name, after, topic.from, limit, topic)));
        });
  }

  private CompletionStage<Reply> signal(Call call) throws Problem {
    ClientResources.require(call.key(), Channel.SIGNALS);
    long id = signalId(call.id());
    long given = call.query().number("cursor", id, Long.MAX_VALUE, NOT_GIVEN);
    long after = given == NOT_GIVEN ? id : given;
    Catalogue names = state.catalogue();
    return reads.read(
        () -> {
          Reach reach = reach(call);
          if (given != NOT_GIVEN) {
            reach.check(id, given);
          }
          return new SignalReading(history, reach, names, call.key()).read(id, after);
        });
  }

  private Reach reach(Call call) {
    return Reach.of(call.key(), history, clockMillis.getAsLong());
  }

  private static long signalId(String text) throws Problem {
    if (!text.matches("[1-9][0-9]{0,17}")) {
      throw new Problem(Code.UNKNOWN_SIGNAL, "a signal's id is the outSeq of its first message");
    }
    return Long.parseLong(text);
  }

  /** The messages of one kind on the topics asked for, as far as the key may read them. */
  private static final class Topic implements HistoryPage.Selection {
    private final Map<Integer, Boolean> readable = new HashMap<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SignalDecoder signal = new SignalDecoder();
    private final Call call;
    private final Catalogue names;
    private final int template;
    private final int instrument;
    private final int timeframe;
    private final int strategy;
    private final int type;
    private final long from;
    private final long to;

    Topic(Call call, Catalogue names, int template, int strategy, int type) throws Problem {
      this.call = call;
      this.names = names;
      this.template = template;
      this.strategy = strategy;
      this.type = type;
      instrument = ClientResources.instrument(call, names);
      timeframe = call.query().timeframe("timeframe");
      from = call.query().time("from", 0);
      to = call.query().time("to", Long.MAX_VALUE);
      if (from > to) {
        throw Query.bad("from", "is after 'to'");
      }
    }

    /** A pruning keeps every signal and what became of it. */
    boolean isNeverPruned() {
      return template == SignalDecoder.TEMPLATE_ID;
    }

    @Override
    public boolean passes(DirectBuffer buffer, int offset) {
      if (MessageLayout.templateId(buffer, offset) != template) {
        return false;
      }
      int id = MessageLayout.instrumentId(buffer, offset);
      long time = MessageLayout.outboundTime(buffer, offset);
      return (instrument == 0 || instrument == id)
          && (timeframe == 0 || timeframe == MessageLayout.timeframe(buffer, offset))
          && (strategy == 0 || strategy == MessageLayout.strategyId(buffer, offset))
          && time >= from
          && time < to
          && isOfType(buffer, offset)
          && readable.computeIfAbsent(id, i -> ClientResources.mayRead(call.key(), names, i));
    }

    private boolean isOfType(DirectBuffer buffer, int offset) {
      if (type < 0) {
        return true;
      }
      signal.wrapAndApplyHeader(buffer, offset, header);
      return signal.signalTypeRaw() == type;
    }

    /** Time never decreases along the journal. */
    @Override
    public boolean isOver(DirectBuffer buffer, int offset) {
      return MessageLayout.outboundTime(buffer, offset) >= to;
    }
  }
}
