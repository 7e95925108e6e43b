package io.semnal.client.examples;

import io.semnal.client.Arrival;
import io.semnal.client.ClientOptions;
import io.semnal.client.SemnalClient;
import io.semnal.client.ServerError;
import io.semnal.client.StreamListener;
import io.semnal.client.Subscription;
import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** Prints each signal and what becomes of it. */
public final class PrintSignals implements StreamListener {
  private final Consumer<String> out;
  private volatile boolean running = true;

  public PrintSignals(Consumer<String> out) {
    this.out = out;
  }

  @Override
  public void onSignal(SignalDecoder signal, Arrival arrival) {
    out.accept(
        "#"
            + signal.outSeq()
            + " "
            + arrival.instrument(signal.instrumentId())
            + " "
            + signal.signalType()
            + " entry "
            + arrival.price(signal.entry())
            + " stop "
            + arrival.price(signal.stopLoss())
            + " target "
            + arrival.price(signal.takeProfit()));
  }

  @Override
  public void onSignalEvent(SignalEventDecoder event, Arrival arrival) {
    out.accept("#" + event.signalId() + " is " + event.state() + " " + event.reason());
  }

  @Override
  public void onError(ServerError error) {
    out.accept("the server says " + error.code() + ": " + error.text());
  }

  @Override
  public void onDisconnected(String why) {
    out.accept("lost (" + why + "), coming back");
  }

  /** Goes on until {@link #stop}. */
  public void run(ClientOptions options) throws IOException {
    try (SemnalClient client = new SemnalClient(options, this)) {
      client.connect();
      client.subscribe(Subscription.to(Channel.SIGNALS).withInstruments(List.of("EURUSD")));
      while (running) {
        if (client.poll() == 0) {
          client.await(100);
        }
      }
    }
  }

  /** From any thread. */
  public void stop() {
    running = false;
  }
}
