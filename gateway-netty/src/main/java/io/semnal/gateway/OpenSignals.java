package io.semnal.gateway;

import io.semnal.core.ingress.MessageHandler;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Each open signal and its latest event, as published: the body of a snapshot. Loop thread; once
 * the most signals that were ever open at a time have been seen, it allocates nothing.
 */
final class OpenSignals {
  private static final class Entry {
    final ExpandableArrayBuffer signal = new ExpandableArrayBuffer(256);
    final ExpandableArrayBuffer event = new ExpandableArrayBuffer(256);
    int signalLength;
    int eventLength;
  }

  private final Long2ObjectHashMap<Entry> open = new Long2ObjectHashMap<>();
  private final ArrayDeque<Entry> free = new ArrayDeque<>();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final SignalDecoder signal = new SignalDecoder();
  private final SignalEventDecoder event = new SignalEventDecoder();

  /** A NEUTRAL signal has no life and is not kept. */
  void onSignal(DirectBuffer buffer, int offset, int length) {
    signal.wrapAndApplyHeader(buffer, offset, header);
    if (signal.signalTypeRaw() == SignalType.NEUTRAL.value()) {
      return;
    }
    Entry entry = free.isEmpty() ? new Entry() : free.pop();
    entry.signal.putBytes(0, buffer, offset, length);
    entry.signalLength = length;
    entry.eventLength = 0;
    Entry before = open.put(MessageLayout.outSeq(buffer, offset), entry);
    if (before != null) {
      free.push(before);
    }
  }

  void onEvent(DirectBuffer buffer, int offset, int length) {
    event.wrapAndApplyHeader(buffer, offset, header);
    int state = event.stateRaw();
    boolean over = state == SignalState.ENDED.value() || state == SignalState.INVALIDATED.value();
    if (over) {
      Entry entry = open.remove(event.signalId());
      if (entry != null) {
        free.push(entry);
      }
      return;
    }
    Entry entry = open.get(event.signalId());
    if (entry != null) {
      entry.event.putBytes(0, buffer, offset, length);
      entry.eventLength = length;
    }
  }

  boolean isOpen(long signalId) {
    return open.containsKey(signalId);
  }

  /** Each open signal and then its latest event, by signal id. */
  void forEach(MessageHandler handler) {
    long[] ids = new long[open.size()];
    int n = 0;
    for (Long2ObjectHashMap<Entry>.KeyIterator i = open.keySet().iterator(); i.hasNext(); ) {
      ids[n++] = i.nextLong();
    }
    Arrays.sort(ids);
    for (long id : ids) {
      Entry entry = open.get(id);
      handler.onMessage(entry.signal, 0, entry.signalLength);
      if (entry.eventLength > 0) {
        handler.onMessage(entry.event, 0, entry.eventLength);
      }
    }
  }
}
