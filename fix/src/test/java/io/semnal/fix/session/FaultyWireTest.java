package io.semnal.fix.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.fix.codec.FixVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Against a model that is a list: whatever a wire loses, doubles and exchanges, and however often
 * it breaks, both applications have each message once and in order when it is whole again.
 */
class FaultyWireTest {
  private static final long SECOND = Pair.SECOND;

  @Property(tries = 300)
  void eachMessageArrivesOnceAndInOrder(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 120) int steps,
      @ForAll boolean nextExpected,
      @ForAll @IntRange(min = 1, max = 8) int queue) {
    Random random = new Random(seed);
    Pair pair = pair(nextExpected, queue);
    List<String> toAcceptor = new ArrayList<>();
    List<String> toInitiator = new ArrayList<>();
    pair.connect();
    for (int i = 0; i < steps; i++) {
      step(pair, random, toAcceptor, toInitiator);
    }
    repair(pair, toAcceptor, toInitiator);
    assertThat(pair.acceptorApp.texts).isEqualTo(toAcceptor);
    assertThat(pair.initiatorApp.texts).isEqualTo(toInitiator);
  }

  private static Pair pair(boolean nextExpected, int queue) {
    return new Pair(
        SessionConfig.initiator(FixVersion.FIX44, "A", "B")
            .nextExpected(nextExpected)
            .maxQueued(queue)
            .resendBatch(3)
            .build(),
        SessionConfig.acceptor(FixVersion.FIX44, "B", "A").maxQueued(queue).resendBatch(2).build());
  }

  private static void step(
      Pair pair, Random random, List<String> toAcceptor, List<String> toInitiator) {
    switch (random.nextInt(14)) {
      case 0, 1, 2 -> send(pair, pair.initiator, "a" + toAcceptor.size(), toAcceptor);
      case 3, 4, 5 -> send(pair, pair.acceptor, "b" + toInitiator.size(), toInitiator);
      case 6 -> pair.deliverToAcceptor();
      case 7 -> pair.deliverToInitiator();
      case 8 -> pair.exchange();
      case 9 -> pair.pass(random.nextInt(40) * SECOND);
      case 10 -> wire(pair, random).poll();
      case 11 -> repeat(wire(pair, random));
      case 12 -> mix(wire(pair, random), random);
      default -> {
        if (random.nextInt(4) == 0) {
          pair.cut();
          pair.connect();
        }
      }
    }
    if (pair.initiator.state() == SessionState.DISCONNECTED
        || pair.acceptor.state() == SessionState.DISCONNECTED && random.nextInt(3) == 0) {
      pair.cut();
      pair.connect();
    }
  }

  private static void send(Pair pair, FixSession from, String text, List<String> model) {
    pair.send(from, text);
    model.add(text);
  }

  private static Deque<byte[]> wire(Pair pair, Random random) {
    return random.nextBoolean() ? pair.toAcceptor.messages : pair.toInitiator.messages;
  }

  private static void repeat(Deque<byte[]> wire) {
    if (!wire.isEmpty()) {
      wire.add(wire.peek());
    }
  }

  private static void mix(Deque<byte[]> wire, Random random) {
    List<byte[]> messages = new ArrayList<>(wire);
    Collections.shuffle(messages, random);
    wire.clear();
    wire.addAll(messages);
  }

  /** A wire without faults from here on, and time enough for everything that waits. */
  private static void repair(Pair pair, List<String> toAcceptor, List<String> toInitiator) {
    for (int round = 0; round < 200; round++) {
      if (pair.initiator.state() == SessionState.DISCONNECTED
          || pair.acceptor.state() == SessionState.DISCONNECTED) {
        pair.cut();
        pair.connect();
      }
      pair.exchange();
      pair.pass(SECOND * 5);
      pair.exchange();
      if (pair.acceptorApp.texts.size() >= toAcceptor.size()
          && pair.initiatorApp.texts.size() >= toInitiator.size()) {
        return;
      }
    }
  }
}
