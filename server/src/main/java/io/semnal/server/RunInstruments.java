package io.semnal.server;

import io.semnal.core.market.Instrument;
import io.semnal.journal.EngineStart;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalState;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.DefineInstrumentDecoder;
import io.semnal.protocol.sbe.DefineInstrumentEncoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.agrona.ExpandableArrayBuffer;

/** Gives a run its instruments, in its own messages: the ids are the journal's. */
final class RunInstruments {
  private RunInstruments() {}

  /** Every instrument of this run gets its id in the journal, the one it had if it had one. */
  static SortedMap<Integer, Instrument> define(
      List<Instrument> configured,
      JournalDirectory journal,
      JournalState state,
      EngineStart start) {
    SortedMap<Integer, Instrument> instruments = new TreeMap<>();
    int next = state.instruments().values().stream().mapToInt(Integer::intValue).max().orElse(0);
    Set<String> defined = definedInThisRun(journal, start);
    ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    DefineInstrumentEncoder encoder = new DefineInstrumentEncoder();
    for (Instrument instrument : configured) {
      int id = state.instrumentId(instrument.symbol());
      if (id == 0) {
        id = ++next;
      }
      instruments.put(id, instrument);
      if (defined.contains(instrument.symbol())) {
        continue;
      }
      encoder
          .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
          .journalSeq(0)
          .time(0)
          .instrumentId(id)
          .symbol(instrument.symbol())
          .baseCurrency(instrument.base())
          .quoteCurrency(instrument.quote())
          .pip(instrument.pip())
          .priceDecimals((short) instrument.priceDecimals());
      start.take(buffer, 0, MessageLayout.HEADER + encoder.encodedLength());
    }
    return instruments;
  }

  /** A kill during the start may have left a run without some of its definitions. */
  private static Set<String> definedInThisRun(JournalDirectory journal, EngineStart start) {
    Set<String> defined = new HashSet<>();
    if (!start.isContinued()) {
      return defined;
    }
    boolean[] beginning = {true};
    DefineInstrumentDecoder decoder = new DefineInstrumentDecoder();
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    try (QueueReader reader = journal.inboundReader()) {
      reader.seekToSequence(start.run().headerSeq() + 1);
      while (beginning[0]
          && reader.readNext(
              (buffer, offset, length) -> {
                beginning[0] =
                    MessageLayout.templateId(buffer, offset) == DefineInstrumentDecoder.TEMPLATE_ID;
                if (beginning[0]) {
                  defined.add(decoder.wrapAndApplyHeader(buffer, offset, header).symbol());
                }
              })) {
        // As long as the run's own definitions last.
      }
    }
    return defined;
  }
}
