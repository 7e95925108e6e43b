package io.semnal.journal;

import io.semnal.protocol.MessageLayout;
import org.agrona.DirectBuffer;

/** The two queues of a journal: what the engine was told, and what it said. */
public enum Side {
  INBOUND("inbound", "journalSeq"),
  OUTBOUND("outbound", "outSeq");

  private final String folder;
  private final String sequenceName;

  Side(String folder, String sequenceName) {
    this.folder = folder;
    this.sequenceName = sequenceName;
  }

  /** Name of the queue's folder inside the journal. */
  public String folder() {
    return folder;
  }

  /** Name of the field that numbers this queue's messages. */
  public String sequenceName() {
    return sequenceName;
  }

  /** {@code journalSeq} or {@code outSeq}. */
  public long sequence(DirectBuffer buffer, int offset) {
    return this == INBOUND
        ? MessageLayout.journalSeq(buffer, offset)
        : MessageLayout.outSeq(buffer, offset);
  }

  /** Engine time of the message. */
  public long time(DirectBuffer buffer, int offset) {
    return this == INBOUND
        ? MessageLayout.inboundTime(buffer, offset)
        : MessageLayout.outboundTime(buffer, offset);
  }

  /** Bytes that every message of this queue has at least: header, sequence and time. */
  int leastLength() {
    return MessageLayout.HEADER + (this == INBOUND ? 2 : 4) * Long.BYTES;
  }

  boolean holds(int templateId) {
    return this == INBOUND
        ? MessageLayout.isInbound(templateId)
        : MessageLayout.isOutbound(templateId);
  }
}
