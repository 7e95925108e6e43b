package io.semnal.journal;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * A message that only a newer build knows: no damage, so that nothing is to be salvaged. What it
 * meant for the state or for clients cannot be told here, so it is not passed over either.
 */
public final class NewerMessageException extends JournalException {
  private NewerMessageException(String message) {
    super(message);
  }

  /** Of a template that this build does not know. */
  static void requireOfThisBuild(DirectBuffer record, Side side) {
    int version =
        record.getShort(MessageHeaderDecoder.versionEncodingOffset(), ByteOrder.LITTLE_ENDIAN)
            & 0xFFFF;
    if (version > MessageHeaderDecoder.SCHEMA_VERSION) {
      throw new NewerMessageException(
          side.folder()
              + " message "
              + side.sequence(record, 0)
              + " is of template "
              + MessageLayout.templateId(record, 0)
              + " in version "
              + version
              + " of the schema; this build knows version "
              + MessageHeaderDecoder.SCHEMA_VERSION
              + ": start the newer build that wrote it, or restore the backup that was taken"
              + " before it");
    }
  }
}
