package io.semnal.journal;

import io.semnal.core.engine.ModelPin;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.RunHeaderDecoder;
import io.semnal.protocol.sbe.RunHeaderEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Turns the header of a run into its message and back. Cold path. */
public final class RunHeaders {
  private RunHeaders() {}

  /**
   * Encodes the header, {@code journalSeq} and {@code time} included.
   *
   * @param buffer expandable, written from 0 on
   * @return length in bytes, SBE header included
   */
  public static int encode(RunInfo run, MutableDirectBuffer buffer) {
    RunHeaderEncoder encoder =
        new RunHeaderEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
    encoder
        .journalSeq(run.headerSeq())
        .time(run.time())
        .runId(run.runId())
        .epoch(run.epoch())
        .outSeqBefore(run.outSeqBefore())
        .warmFromSeq(run.warmFromSeq())
        .wallTime(run.wallTime())
        .sourceClock(run.sourceClock() ? BooleanType.T : BooleanType.F);
    RunHeaderEncoder.ModelsEncoder models = encoder.modelsCount(run.models().size());
    for (ModelPin pin : run.models()) {
      models.next().name(pin.name()).version(pin.version());
      for (int i = 0; i < RunHeaderEncoder.ModelsEncoder.sha256Length(); i++) {
        models.sha256(i, (short) (pin.sha256()[i] & 0xFF));
      }
      models.scorer(pin.scorer());
    }
    encoder.build(run.build());
    byte[] text = run.engineText().getBytes(StandardCharsets.UTF_8);
    encoder.putConfiguration(text, 0, text.length);
    return MessageLayout.HEADER + encoder.encodedLength();
  }

  /** Whether the message begins a run. */
  static boolean isHeader(DirectBuffer buffer, int offset) {
    return MessageLayout.templateId(buffer, offset) == RunHeaderDecoder.TEMPLATE_ID;
  }

  /** Decodes a {@code RunHeader} message. */
  public static RunInfo decode(DirectBuffer buffer, int offset) {
    RunHeaderDecoder decoder =
        new RunHeaderDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
    List<ModelPin> models = new ArrayList<>();
    RunHeaderDecoder.ModelsDecoder group = decoder.models();
    while (group.hasNext()) {
      group.next();
      byte[] sha256 = new byte[RunHeaderDecoder.ModelsDecoder.sha256Length()];
      for (int i = 0; i < sha256.length; i++) {
        sha256[i] = (byte) group.sha256(i);
      }
      models.add(new ModelPin(group.name(), group.version(), sha256, group.scorer()));
    }
    String build = decoder.build();
    byte[] text = new byte[decoder.configurationLength()];
    decoder.getConfiguration(text, 0, text.length);
    return new RunInfo(
        decoder.runId(),
        decoder.journalSeq(),
        decoder.time(),
        (int) decoder.epoch(),
        decoder.outSeqBefore(),
        decoder.warmFromSeq(),
        decoder.wallTime(),
        decoder.sourceClock() == BooleanType.T,
        build,
        new String(text, StandardCharsets.UTF_8),
        models);
  }
}
