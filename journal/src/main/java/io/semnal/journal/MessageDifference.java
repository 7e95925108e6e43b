package io.semnal.journal;

import io.semnal.protocol.MessageLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Where a recomputed message departs from the journaled one.
 *
 * @param outSeq of the journaled message
 * @param causeSeq of the journaled message
 * @param template name of the journaled message's template
 * @param field first field that differs
 * @param journaled its value in the journal
 * @param recomputed its value as the engine said it again
 */
public record MessageDifference(
    long outSeq,
    long causeSeq,
    String template,
    String field,
    String journaled,
    String recomputed) {
  private static final List<String> HEADER_FIELDS =
      List.of("blockLength", "templateId", "schemaId", "version");

  /** Whether both messages have the same bytes. Allocates nothing. */
  static boolean equal(
      DirectBuffer a, int offsetA, int lengthA, DirectBuffer b, int offsetB, int lengthB) {
    if (lengthA != lengthB) {
      return false;
    }
    int i = 0;
    for (; i <= lengthA - Long.BYTES; i += Long.BYTES) {
      if (a.getLong(offsetA + i) != b.getLong(offsetB + i)) {
        return false;
      }
    }
    for (; i < lengthA; i++) {
      if (a.getByte(offsetA + i) != b.getByte(offsetB + i)) {
        return false;
      }
    }
    return true;
  }

  /** Names the first difference of two messages that are not equal. */
  static MessageDifference of(
      DirectBuffer journaled, int journaledLength, DirectBuffer recomputed, int recomputedLength) {
    DirectBuffer a = new UnsafeBuffer(journaled, 0, journaledLength);
    DirectBuffer b = new UnsafeBuffer(recomputed, 0, recomputedLength);
    int template = MessageLayout.templateId(a, 0);
    long outSeq = MessageLayout.outSeq(a, 0);
    long cause = MessageLayout.causeSeq(a, 0);
    String name = MessageFields.templateName(template);
    int at = firstDifference(a, b);
    if (template != MessageLayout.templateId(b, 0)) {
      return new MessageDifference(
          outSeq,
          cause,
          name,
          "templateId",
          name,
          MessageFields.templateName(MessageLayout.templateId(b, 0)));
    }
    if (at < MessageLayout.HEADER) {
      String field = HEADER_FIELDS.get(at / Short.BYTES);
      return new MessageDifference(outSeq, cause, name, field, word(a, at), word(b, at));
    }
    for (MessageFields.Field field : MessageFields.fields(template)) {
      if (at >= field.offset() && at < field.offset() + field.length()) {
        return new MessageDifference(
            outSeq,
            cause,
            name,
            field.name(),
            MessageFields.value(a, journaledLength, field),
            MessageFields.value(b, recomputedLength, field));
      }
    }
    List<String> rest = MessageFields.variableFields(template);
    String field = rest.isEmpty() ? "byte " + at : String.join(" or ", rest);
    return new MessageDifference(
        outSeq,
        cause,
        name,
        field,
        MessageFields.hex(a, at, Math.min(journaledLength, at + 16)),
        MessageFields.hex(b, at, Math.min(recomputedLength, at + 16)));
  }

  private static int firstDifference(DirectBuffer a, DirectBuffer b) {
    int shared = Math.min(a.capacity(), b.capacity());
    for (int i = 0; i < shared; i++) {
      if (a.getByte(i) != b.getByte(i)) {
        return i;
      }
    }
    return shared;
  }

  private static String word(DirectBuffer message, int at) {
    int even = at & ~1;
    return Integer.toString(message.getShort(even, ByteOrder.LITTLE_ENDIAN) & 0xFFFF);
  }

  @Override
  public String toString() {
    return "outbound message "
        + outSeq
        + " ("
        + template
        + ", caused by inbound message "
        + causeSeq
        + ") differs in "
        + field
        + ": journaled "
        + journaled
        + ", recomputed "
        + recomputed;
  }
}
