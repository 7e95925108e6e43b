package io.semnal.client;

import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.session.ClientKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.agrona.DirectBuffer;

/** The README's example: a client that shows each signal until it has seen enough. */
final class SignalWatcher implements ClientHandler {
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final SignalDecoder signal = new SignalDecoder();
  private final Predicate<String> show;
  private boolean running = true;

  /**
   * @param show returns whether to go on
   */
  SignalWatcher(Predicate<String> show) {
    this.show = show;
  }

  /**
   * Watches one instrument.
   *
   * @param uri for example {@code tcp://127.0.0.1:7102} or {@code ws://127.0.0.1:7103/ws}
   */
  void watch(String uri, Path keyFile, String instrument) throws IOException {
    ClientOptions options = ClientOptions.of(uri, ClientKey.read(keyFile));
    try (SemnalClient client = new SemnalClient(options, this)) {
      client.connect();
      client.subscribe(Subscription.to(Channel.SIGNALS).withInstruments(List.of(instrument)));
      while (running) {
        if (client.poll() == 0) {
          client.await(100);
        }
      }
    }
  }

  @Override
  public void onMessage(DirectBuffer buffer, int offset, int length) {
    if (MessageLayout.templateId(buffer, offset) == SignalDecoder.TEMPLATE_ID) {
      signal.wrapAndApplyHeader(buffer, offset, header);
      double entry = (double) signal.entry() / MessageLayout.PRICE_SCALE;
      running = show.test("#" + signal.outSeq() + " " + signal.signalType() + " at " + entry);
    }
  }
}
