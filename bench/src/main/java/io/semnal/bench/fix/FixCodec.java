package io.semnal.bench.fix;

/** Something that cuts a market-data message into fields and reads what a feed needs of it. */
interface FixCodec {
  /**
   * Reads MsgSeqNum, SendingTime, the symbol, and of each entry its type, price and size.
   *
   * @param index of the message among those it was made with
   * @return something that depends on all of it
   */
  long read(int index);
}
