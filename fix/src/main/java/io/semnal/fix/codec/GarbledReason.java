package io.semnal.fix.codec;

/** Why bytes that began like a message are not one. */
public enum GarbledReason {
  NONE,
  /** BeginString (8), BodyLength (9) and MsgType (35) are not the first three fields. */
  HEADER_ORDER,
  /** BodyLength (9) is no number. */
  BODY_LENGTH,
  /** Longer than the reader allows. */
  TOO_LONG,
  /** No CheckSum (10) where BodyLength says that it is. */
  NO_CHECKSUM,
  /** CheckSum (10) is not the sum of the bytes. */
  WRONG_CHECKSUM,
  /** A field without a tag number or without an equals sign. */
  FIELD_FORM,
  /** A data field that does not end where its length says. */
  DATA_LENGTH,
  /** More fields than the reader allows. */
  TOO_MANY_FIELDS
}
