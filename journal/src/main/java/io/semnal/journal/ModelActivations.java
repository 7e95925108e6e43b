package io.semnal.journal;

import io.semnal.core.engine.ModelPin;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.ModelActivationDecoder;
import io.semnal.protocol.sbe.ModelActivationEncoder;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Turns the activation of a model into its message and back. Cold path. */
public final class ModelActivations {
  private ModelActivations() {}

  /**
   * Encodes a {@code ModelActivation}, to be stamped by the ingress.
   *
   * @param principal who asked for it
   * @return length in bytes, SBE header included
   */
  public static int encode(
      ModelPin model, String principal, MutableDirectBuffer buffer, int offset) {
    ModelActivationEncoder encoder =
        new ModelActivationEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
    encoder.journalSeq(0).time(0).version(model.version()).scorer(model.scorer());
    encoder.name(model.name());
    for (int i = 0; i < ModelActivationEncoder.sha256Length(); i++) {
      encoder.sha256(i, (short) (model.sha256()[i] & 0xFF));
    }
    byte[] text = principal.getBytes(StandardCharsets.UTF_8);
    encoder.putPrincipal(text, 0, text.length);
    return MessageLayout.HEADER + encoder.encodedLength();
  }

  /** The model that a {@code ModelActivation} names. */
  public static ModelPin decode(DirectBuffer buffer, int offset) {
    ModelActivationDecoder decoder =
        new ModelActivationDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
    byte[] sha256 = new byte[ModelActivationDecoder.sha256Length()];
    for (int i = 0; i < sha256.length; i++) {
      sha256[i] = (byte) decoder.sha256(i);
    }
    return new ModelPin(decoder.name(), decoder.version(), sha256, decoder.scorer());
  }
}
