package io.semnal.journal;

import io.semnal.core.engine.ModelPin;
import io.semnal.core.ingress.MessageHandler;
import io.semnal.core.source.SourceRegistry;
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
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/**
 * Reads both queues of a journal once, from end to end, and concludes their {@link JournalState}.
 * Allocates nothing per message other than a definition or header.
 */
public final class JournalScan {
  private static final int SOURCE_SEQ =
      MessageLayout.HEADER + QuoteDecoder.sourceSeqEncodingOffset();
  private static final int SOURCE_ID = MessageLayout.HEADER + QuoteDecoder.sourceIdEncodingOffset();
  private static final int CONFLATED_SEQ =
      MessageLayout.HEADER + ConflatedQuoteDecoder.sourceSeqEncodingOffset();
  private static final int CONFLATED_ID =
      MessageLayout.HEADER + ConflatedQuoteDecoder.sourceIdEncodingOffset();
  private static final int MOST_FAULTS = 20;

  private final JournalDirectory journal;
  private final Progress progress;
  private final SourceRegistry registry;
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final long[] sourceSeqs = new long[SourceRegistry.MOST + 1];
  private final List<RunInfo> runs = new ArrayList<>();
  private final List<Long> runEnds = new ArrayList<>();
  private final List<ModelPin> models = new ArrayList<>();
  private final Map<String, Integer> instruments = new LinkedHashMap<>();
  private final List<String> sources = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private QueueReader reader;
  private long journalSeq;
  private long time;
  private long outSeq;
  private long outTime;
  private long causeSeq;
  private long statusStreamSeq;

  private JournalScan(JournalDirectory journal, SourceRegistry registry, Progress progress) {
    this.journal = journal;
    this.registry = registry;
    this.progress = progress;
  }

  /**
   * Reads the journal. Faults are listed in the state, not thrown; a reader stops where a queue
   * cannot be read on.
   *
   * @param sources receives the sources and their progress; {@code null} = nobody
   */
  public static JournalState scan(
      JournalDirectory journal, SourceRegistry sources, Progress progress) {
    return new JournalScan(journal, sources, progress).run();
  }

  private JournalState run() {
    // Outbound first: beside a running writer, what is read here has its cause inbound by then.
    read(Side.OUTBOUND);
    read(Side.INBOUND);
    if (registry != null) {
      for (int id = 1; id <= sources.size(); id++) {
        registry.journaled(id, sourceSeqs[id]);
      }
    }
    if (!runs.isEmpty()) {
      runEnds.add(journalSeq);
    }
    return new JournalState(
        new Mark(journalSeq, time),
        new Mark(outSeq, outTime),
        causeSeq,
        statusStreamSeq,
        runs,
        runEnds,
        models,
        instruments,
        sources,
        faults);
  }

  private void read(Side side) {
    try (QueueReader queue =
        side == Side.INBOUND ? journal.inboundReader() : journal.outboundReader()) {
      reader = queue;
      long head = queue.head().sequence();
      String task = "reading " + side.folder();
      long done = 0;
      MessageHandler handler = side == Side.INBOUND ? this::onInbound : this::onOutbound;
      while (queue.readNext(handler)) {
        if ((++done & (Progress.EVERY - 1)) == 0) {
          progress.at(task, done, head);
        }
      }
      long last = side == Side.INBOUND ? journalSeq : outSeq;
      if (last < head) {
        fault(
            side.sequenceName()
                + " ends at "
                + last
                + ", though the queue's index knows of "
                + head
                + ", at "
                + queue.place());
      }
    } catch (CorruptJournalException e) {
      fault(e.getMessage());
    }
  }

  private void onInbound(DirectBuffer buffer, int offset, int length) {
    long sequence = MessageLayout.journalSeq(buffer, offset);
    long stamp = MessageLayout.inboundTime(buffer, offset);
    int template = MessageLayout.templateId(buffer, offset);
    if (sequence != journalSeq + 1 && !explainsGap(buffer, offset, template, sequence)) {
      fault(gap(Side.INBOUND, journalSeq, sequence));
    }
    if (stamp < time) {
      fault("time goes back at journalSeq " + sequence + ", " + reader.place());
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
    if (run.runId() != runs.size() + 1) {
      fault("run " + run.runId() + " follows run " + runs.size() + " at " + reader.place());
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
    int given = registry == null ? expected : registry.define(name);
    if (id != expected || id != given) {
      fault("source '" + name + "' has id " + id + " at " + reader.place() + ", not " + expected);
    }
  }

  /** A strategy bound to one version keeps it; the journal cannot tell, and assumes none is. */
  private void onActivation(DirectBuffer buffer, int offset) {
    ModelPin pin = ModelActivations.decode(buffer, offset);
    models.replaceAll(old -> old.name().equals(pin.name()) ? pin : old);
  }

  private void onOutbound(DirectBuffer buffer, int offset, int length) {
    long sequence = MessageLayout.outSeq(buffer, offset);
    if (sequence != outSeq + 1) {
      fault(gap(Side.OUTBOUND, outSeq, sequence));
    }
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
        + reader.place();
  }

  private void fault(String sentence) {
    if (faults.size() < MOST_FAULTS) {
      faults.add(sentence);
    }
  }
}
