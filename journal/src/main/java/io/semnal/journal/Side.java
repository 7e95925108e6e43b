package io.semnal.journal;

import io.semnal.protocol.MessageLayout;
import org.agrona.DirectBuffer;

/**
 * The queues of a journal: what the engine was told, what it said, and what models beside it would
 * have said. The last one is no part of any replay: its messages are Scores (and the
 * ModelDefinitions that name their models, whose ids hold up to the next ones) without {@code
 * outSeq}.
 */
public enum Side {
  INBOUND("inbound", "journalSeq"),
  OUTBOUND("outbound", "outSeq"),
  SHADOW("shadow", "causeSeq");

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

  /** {@code journalSeq}, {@code outSeq} or {@code causeSeq}. */
  public long sequence(DirectBuffer buffer, int offset) {
    return switch (this) {
      case INBOUND -> MessageLayout.journalSeq(buffer, offset);
      case OUTBOUND -> MessageLayout.outSeq(buffer, offset);
      case SHADOW -> MessageLayout.causeSeq(buffer, offset);
    };
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
