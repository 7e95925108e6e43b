package io.semnal.gateway.json;

import org.agrona.DirectBuffer;

/** Turns any message that a client receives from SBE into JSON. One thread. */
public final class JsonMessages {
  private final JsonText text = new JsonText();
  private final OutboundJson outbound;
  private final SessionJson session;

  public JsonMessages(Names names) {
    outbound = new OutboundJson(text, names);
    session = new SessionJson(text, names);
  }

  /**
   * Encodes one message; {@link #bytes} holds the result until the next call.
   *
   * @param withFeatures whether a signal is told with its feature values
   * @return its length; 0 if the template is not known
   */
  public int encode(DirectBuffer buffer, int offset, boolean withFeatures) {
    boolean known = outbound.write(buffer, offset, withFeatures) || session.write(buffer, offset);
    return known ? text.length() : 0;
  }

  public byte[] bytes() {
    return text.bytes();
  }
}
