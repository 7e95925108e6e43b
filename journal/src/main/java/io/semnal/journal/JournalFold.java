package io.semnal.journal;

import io.semnal.core.engine.ModelPin;
import io.semnal.core.source.SourceRegistry;
import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.StateWriter;
import io.semnal.core.state.Stateful;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ConflatedQuoteDecoder;
import io.semnal.protocol.sbe.DefineInstrumentDecoder;
import io.semnal.protocol.sbe.DefineSourceDecoder;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelActivationDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.RunHeaderDecoder;
import io.semnal.protocol.sbe.ScorerKind;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a journal says about itself, message by message: concludes a {@link JournalState} from
 * nothing but the messages it is given, and goes on from any point at which it was written down.
 * Allocates nothing per message other than a definition, header or signal.
 */
final class JournalFold implements Stateful {
  private static final int SOURCE_SEQ =
      MessageLayout.HEADER + QuoteDecoder.sourceSeqEncodingOffset();
  private static final int SOURCE_ID = MessageLayout.HEADER + QuoteDecoder.sourceIdEncodingOffset();
  private static final int CONFLATED_SEQ =
      MessageLayout.HEADER + ConflatedQuoteDecoder.sourceSeqEncodingOffset();
  private static final int CONFLATED_ID =
      MessageLayout.HEADER + ConflatedQuoteDecoder.sourceIdEncodingOffset();
  private static final int MOST_FAULTS = 20;

  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final long[] sourceSeqs = new long[SourceRegistry.MOST + 1];
  private final List<RunInfo> runs = new ArrayList<>();
  private final List<Long> runEnds = new ArrayList<>();
  private final List<ModelPin> models = new ArrayList<>();
  private final Map<String, Integer> instruments = new LinkedHashMap<>();
  private final List<String> sources = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final StandingMessages standing = new StandingMessages();
  private Supplier<String> place = () -> "an unknown place";
  private Floor floor = Floor.NONE;
  private long runsBefore;
  private long journalSeq;
  private long time;
  private long outSeq;
  private long outTime;
  private long causeSeq;
  private long statusStreamSeq;

  /** Whose place faults name from here on. */
  void readsFrom(Supplier<String> where) {
    place = where;
  }

  /** What lies below is not whole: its gaps are no faults, its runs do not count. */
  void prunedTo(Floor from) {
    floor = from;
  }

  /** What an older snapshot still knew of, and was pruned since. */
  void forgetPruned() {
    while (!runEnds.isEmpty() && runEnds.getFirst() < floor.journalSeq()) {
      runsBefore = runs.removeFirst().runId();
      runEnds.removeFirst();
    }
  }

  long journalSeq() {
    return journalSeq;
  }

  long outSeq() {
    return outSeq;
  }

  /** Sentences that name what is wrong and where; empty = sound. */
  List<String> faults() {
    return faults;
  }

  /** The run that the messages end in, or {@code null}. */
  RunInfo lastRun() {
    return runs.isEmpty() ? null : runs.getLast();
  }

  /** As of the last message. */
  JournalState conclude() {
    List<Long> ends = new ArrayList<>(runEnds);
    if (!runs.isEmpty()) {
      ends.add(journalSeq);
    }
    return new JournalState(
        new Mark(journalSeq, time),
        new Mark(outSeq, outTime),
        causeSeq,
        statusStreamSeq,
        runs,
        ends,
        models,
        instruments,
        sources,
        faults,
        standing.inOrder(),
        bytes());
  }

  private byte[] bytes() {
    StateWriter writer = new StateWriter();
    state(writer);
    return writer.toByteArray();
  }

  /** Gives a registry the sources and how far each has come. */
  void copyTo(SourceRegistry registry) {
    for (int id = 1; id <= sources.size(); id++) {
      String name = sources.get(id - 1);
      if (registry.define(name) != id) {
        fault("source '" + name + "' is known by another id than " + id);
      }
      registry.journaled(id, sourceSeqs[id]);
    }
  }

  /** The next inbound message. */
  void onInbound(DirectBuffer buffer, int offset, int length) {
    long sequence = MessageLayout.journalSeq(buffer, offset);
    long stamp = MessageLayout.inboundTime(buffer, offset);
    int template = MessageLayout.templateId(buffer, offset);
    if (sequence != journalSeq + 1
        && sequence > floor.journalSeq()
        && !explainsGap(buffer, offset, template, sequence)) {
      fault(gap(Side.INBOUND, journalSeq, sequence));
    }
    if (stamp < time) {
      fault("time goes back at journalSeq " + sequence + ", " + place.get());
    }
    if (template == RunHeaderDecoder.TEMPLATE_ID && !runs.isEmpty()) {
      runEnds.add(journalSeq);
    }
    journalSeq = sequence;
    time = stamp;
    switch (template) {
      case QuoteDecoder.TEMPLATE_ID -> progressOf(buffer, offset + SOURCE_ID, offset + SOURCE_SEQ);
      case ConflatedQuoteDecoder.TEMPLATE_ID ->
          progressOf(buffer, offset + CONFLATED_ID, offset + CONFLATED_SEQ);
      case RunHeaderDecoder.TEMPLATE_ID -> onRun(RunHeaders.decode(buffer, offset));
      case DefineInstrumentDecoder.TEMPLATE_ID -> onInstrument(buffer, offset);
      case DefineSourceDecoder.TEMPLATE_ID -> onSource(buffer, offset);
      case ModelActivationDecoder.TEMPLATE_ID -> onActivation(buffer, offset);
      default -> {
        // The other templates say nothing about the journal itself.
      }
    }
  }

  /** A run of a higher epoch goes on past messages that were lost; see design, Sequence. */
  private boolean explainsGap(DirectBuffer buffer, int offset, int template, long sequence) {
    return template == RunHeaderDecoder.TEMPLATE_ID
        && sequence > journalSeq
        && !runs.isEmpty()
        && RunHeaders.decode(buffer, offset).epoch() > runs.getLast().epoch();
  }

  private void progressOf(DirectBuffer buffer, int idAt, int sequenceAt) {
    int id = buffer.getInt(idAt, ByteOrder.LITTLE_ENDIAN);
    if (id > 0 && id < sourceSeqs.length) {
      sourceSeqs[id] = buffer.getLong(sequenceAt, ByteOrder.LITTLE_ENDIAN);
    }
  }

  private void onRun(RunInfo run) {
    if (run.headerSeq() < floor.journalSeq()) {
      runs.clear();
      runEnds.clear();
      if (!floor.isInside(run)) {
        runsBefore = run.runId();
        return;
      }
      // The last such header is the one of the run that the floor lies in.
      runsBefore = run.runId() - 1;
    }
    long before = runs.isEmpty() ? runsBefore : runs.getLast().runId();
    if (run.runId() != before + 1) {
      fault("run " + run.runId() + " follows run " + before + " at " + place.get());
    }
    runs.add(run);
    models.clear();
    models.addAll(run.models());
  }

  private void onInstrument(DirectBuffer buffer, int offset) {
    DefineInstrumentDecoder decoder =
        new DefineInstrumentDecoder().wrapAndApplyHeader(buffer, offset, header);
    instruments.putIfAbsent(decoder.symbol(), decoder.instrumentId());
  }

  private void onSource(DirectBuffer buffer, int offset) {
    DefineSourceDecoder decoder =
        new DefineSourceDecoder().wrapAndApplyHeader(buffer, offset, header);
    String name = decoder.name();
    int id = decoder.sourceId();
    if (!sources.contains(name)) {
      sources.add(name);
    }
    int expected = sources.indexOf(name) + 1;
    if (id != expected) {
      fault("source '" + name + "' has id " + id + " at " + place.get() + ", not " + expected);
    }
  }

  /** A strategy bound to one version keeps it: whoever knows the configuration corrects that. */
  private void onActivation(DirectBuffer buffer, int offset) {
    ModelPin pin = ModelActivations.decode(buffer, offset);
    models.replaceAll(old -> old.name().equals(pin.name()) ? pin : old);
  }

  /** The next outbound message. */
  void onOutbound(DirectBuffer buffer, int offset, int length) {
    long sequence = MessageLayout.outSeq(buffer, offset);
    if (sequence != outSeq + 1 && sequence > floor.outSeq()) {
      fault(gap(Side.OUTBOUND, outSeq, sequence));
    }
    standing.onOutbound(buffer, offset, length);
    outSeq = sequence;
    outTime = MessageLayout.outboundTime(buffer, offset);
    causeSeq = MessageLayout.causeSeq(buffer, offset);
    int template = MessageLayout.templateId(buffer, offset);
    if (template == InstrumentDefinitionDecoder.TEMPLATE_ID) {
      // Known to clients by this id, even if the inbound definition was lost.
      InstrumentDefinitionDecoder decoder =
          new InstrumentDefinitionDecoder().wrapAndApplyHeader(buffer, offset, header);
      instruments.putIfAbsent(decoder.symbol(), decoder.instrumentId());
    }
    if (MessageLayout.instrumentId(buffer, offset) == 0
        && Channel.of(template) == Channel.STATUS.ordinal()
        && MessageLayout.timeframe(buffer, offset) == 0
        && MessageLayout.strategyId(buffer, offset) == 0) {
      statusStreamSeq = MessageLayout.streamSeq(buffer, offset);
    }
  }

  private String gap(Side side, long before, long found) {
    return side.folder()
        + " message "
        + (before + 1)
        + " is missing: found "
        + side.sequenceName()
        + " "
        + found
        + " after "
        + before
        + " at "
        + place.get();
  }

  void fault(String sentence) {
    if (faults.size() < MOST_FAULTS) {
      faults.add(sentence);
    }
  }

  @Override
  public void state(StateVisitor s) {
    s.section("journal");
    journalSeq = s.of(journalSeq);
    time = s.of(time);
    outSeq = s.of(outSeq);
    outTime = s.of(outTime);
    causeSeq = s.of(causeSeq);
    statusStreamSeq = s.of(statusStreamSeq);
    runs(s);
    models(s);
    names(s);
    s.section("standing");
    standing.state(s);
  }

  private void runs(StateVisitor s) {
    s.section("runs");
    List<RunInfo> known = List.copyOf(runs);
    List<Long> ends = List.copyOf(runEnds);
    int count = s.of(known.size());
    runs.clear();
    runEnds.clear();
    for (int i = 0; i < count; i++) {
      byte[] message = s.of(s.isReading() ? null : headerOf(known.get(i)));
      runs.add(RunHeaders.decode(new UnsafeBuffer(message), 0));
      if (i + 1 < count) {
        runEnds.add(s.of(s.isReading() ? 0L : ends.get(i)));
      }
    }
  }

  private static byte[] headerOf(RunInfo run) {
    ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    byte[] bytes = new byte[RunHeaders.encode(run, buffer)];
    buffer.getBytes(0, bytes);
    return bytes;
  }

  private void models(StateVisitor s) {
    s.section("models");
    List<ModelPin> known = List.copyOf(models);
    int count = s.of(known.size());
    models.clear();
    for (int i = 0; i < count; i++) {
      ModelPin pin = s.isReading() ? null : known.get(i);
      models.add(
          new ModelPin(
              s.of(pin == null ? null : pin.name()),
              s.of(pin == null ? 0 : pin.version()),
              s.of(pin == null ? null : pin.sha256()),
              ScorerKind.valueOf(s.of(pin == null ? null : pin.scorer().name()))));
    }
  }

  private void names(StateVisitor s) {
    s.section("names");
    List<Map.Entry<String, Integer>> known = List.copyOf(instruments.entrySet());
    int count = s.of(known.size());
    instruments.clear();
    for (int i = 0; i < count; i++) {
      String symbol = s.of(s.isReading() ? null : known.get(i).getKey());
      instruments.put(symbol, s.of(s.isReading() ? 0 : known.get(i).getValue()));
    }
    List<String> names = List.copyOf(sources);
    int named = s.of(names.size());
    sources.clear();
    for (int i = 0; i < named; i++) {
      sources.add(s.of(s.isReading() ? null : names.get(i)));
      sourceSeqs[i + 1] = s.of(sourceSeqs[i + 1]);
    }
  }
}
