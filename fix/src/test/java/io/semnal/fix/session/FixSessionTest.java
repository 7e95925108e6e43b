package io.semnal.fix.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.codec.Tag;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

/** Two sessions of ours with a wire between them, and the messages on it. */
class FixSessionTest {
  @Test
  void exchangesLogonsMessagesAndLogouts() {
    Pair pair = new Pair();
    pair.connect();
    pair.exchange();
    assertThat(pair.initiator.isLoggedOn()).isTrue();
    assertThat(pair.acceptor.isLoggedOn()).isTrue();

    pair.send(pair.initiator, "one");
    pair.send(pair.acceptor, "two");
    pair.exchange();
    assertThat(pair.acceptorApp.texts).containsExactly("one");
    assertThat(pair.initiatorApp.texts).containsExactly("two");

    pair.initiator.logout("good night", pair.now);
    pair.exchange();
    assertThat(pair.initiatorApp.events).containsExactly("logon", "logout LOGOUT");
    assertThat(pair.acceptorApp.events).containsExactly("logon", "logout LOGOUT");
    assertThat(pair.initiatorStore.nextOutbound()).isEqualTo(4);
    assertThat(pair.acceptorStore.nextInbound()).isEqualTo(4);
  }

  @Test
  void resendsWhatWasLostAndWhatWasSentWhileDisconnected() {
    Pair pair = new Pair();
    pair.connect();
    pair.exchange();
    pair.send(pair.initiator, "lost 1");
    pair.send(pair.initiator, "lost 2");
    pair.toAcceptor.messages.clear();
    pair.send(pair.initiator, "three");
    pair.exchange();
    assertThat(pair.acceptorApp.texts).containsExactly("lost 1", "lost 2", "three");

    pair.cut();
    pair.send(pair.initiator, "four");
    pair.send(pair.acceptor, "back");
    pair.connect();
    pair.exchange();
    assertThat(pair.acceptorApp.texts).containsExactly("lost 1", "lost 2", "three", "four");
    assertThat(pair.initiatorApp.texts).containsExactly("back");
  }

  @Test
  void asksOnceForAGapHoweverManyMessagesFollow() {
    Pair pair = new Pair();
    pair.connect();
    pair.exchange();
    pair.send(pair.initiator, "1");
    pair.toAcceptor.messages.clear();
    for (int i = 2; i < 6; i++) {
      pair.send(pair.initiator, "" + i);
      pair.deliverToAcceptor();
    }
    assertThat(pair.toInitiator.log.stream().filter(m -> m.contains("|35=2|"))).hasSize(1);
    pair.exchange();
    assertThat(pair.acceptorApp.texts).containsExactly("1", "2", "3", "4", "5");
  }

  @Test
  void repeatsARequestThatBroughtNothing() {
    Pair pair = new Pair();
    pair.connect();
    pair.exchange();
    pair.send(pair.initiator, "1");
    pair.toAcceptor.messages.clear();
    pair.send(pair.initiator, "2");
    pair.deliverToAcceptor();
    pair.toInitiator.messages.clear();
    pair.pass(31 * Pair.SECOND);
    pair.exchange();
    assertThat(pair.acceptorApp.texts).containsExactly("1", "2");
  }

  @Test
  void fillsTheGapOfMessagesTheApplicationDoesNotWantSentAgain() {
    Pair pair =
        new Pair(
            SessionConfig.initiator(FixVersion.FIX44, "A", "B").build(),
            SessionConfig.acceptor(FixVersion.FIX44, "B", "A").build());
    FixSession choosy =
        new FixSession(
            SessionConfig.initiator(FixVersion.FIX44, "A", "B").build(),
            pair.initiatorStore,
            new RecordingApplication() {
              @Override
              public boolean onResend(FixSession session, FixMessage sent, long now) {
                return !sent.equals(Tag.TEXT, "expired");
              }
            });
    pair = new Pair(pair, choosy);
    pair.connect();
    pair.exchange();
    pair.send(choosy, "expired");
    pair.send(choosy, "live");
    pair.send(choosy, "expired");
    pair.toAcceptor.messages.clear();
    pair.send(choosy, "now");
    pair.exchange();
    assertThat(pair.acceptorApp.texts).containsExactly("live", "now");
    assertThat(pair.toAcceptor.log.stream().filter(m -> m.contains("|35=4|")))
        .hasSize(2)
        .allMatch(m -> m.contains("|43=Y|") && m.contains("|123=Y|"));
  }

  @Test
  void saysNextExpectedInPlaceOfAResendRequest() {
    Pair pair =
        new Pair(
            SessionConfig.initiator(FixVersion.FIX44, "A", "B").nextExpected(true).build(),
            SessionConfig.acceptor(FixVersion.FIX44, "B", "A").nextExpected(true).build());
    pair.send(pair.initiator, "before");
    pair.send(pair.acceptor, "earlier");
    pair.connect();
    pair.exchange();
    assertThat(pair.acceptorApp.texts).containsExactly("before");
    assertThat(pair.initiatorApp.texts).containsExactly("earlier");
    assertThat(pair.toAcceptor.log).noneMatch(m -> m.contains("|35=2|"));
    assertThat(pair.toInitiator.log).noneMatch(m -> m.contains("|35=2|"));
  }

  @Test
  void sendsHeartbeatsTestsTheSilentAndGivesUp() {
    Pair pair = new Pair();
    pair.connect();
    pair.exchange();
    pair.pass(30 * Pair.SECOND);
    assertThat(pair.toAcceptor.log.getLast()).contains("|35=0|");
    pair.toAcceptor.messages.clear();
    pair.toInitiator.messages.clear();
    pair.pass(6 * Pair.SECOND);
    assertThat(pair.toAcceptor.log.getLast()).contains("|35=1|").contains("|112=");
    pair.pass(36 * Pair.SECOND);
    assertThat(pair.initiatorApp.events).containsExactly("logon", "logout SILENCE");
  }

  @Test
  void speaksFixt11WithItsApplicationVersion() {
    Pair pair =
        new Pair(
            SessionConfig.initiator(FixVersion.FIXT11, "A", "B").build(),
            SessionConfig.acceptor(FixVersion.FIXT11, "B", "A").build());
    pair.connect();
    pair.exchange();
    assertThat(pair.toAcceptor.log.getFirst()).startsWith("8=FIXT.1.1|").contains("|1137=9|");
    assertThat(pair.acceptor.isLoggedOn()).isTrue();
  }

  @Test
  void resetsNumbersInMidSession() {
    Pair pair = new Pair();
    pair.connect();
    pair.exchange();
    pair.send(pair.initiator, "old");
    pair.exchange();
    pair.acceptor.resetSequences(pair.now);
    pair.exchange();
    pair.send(pair.initiator, "new");
    pair.exchange();
    assertThat(pair.acceptorApp.texts).containsExactly("old", "new");
    assertThat(pair.toAcceptor.log.getLast()).contains("|34=2|");
  }

  @Test
  void tellsWhyALogonIsRefused() {
    Pair pair =
        new Pair(
            SessionConfig.initiator(FixVersion.FIX44, "A", "B").heartbeat(1).build(),
            SessionConfig.acceptor(FixVersion.FIX44, "B", "A").heartbeatLimits(5, 60).build());
    pair.connect();
    pair.exchange();
    assertThat(pair.initiatorApp.events)
        .containsExactly("failed LOGON_REFUSED: HeartBtInt must be 5 to 60 seconds");
  }

  @Test
  void endsAndBeginsAnewWithItsSchedule() {
    SessionSchedule week =
        SessionSchedule.weekly(
            ZoneId.of("America/New_York"),
            DayOfWeek.SUNDAY,
            LocalTime.of(17, 0),
            DayOfWeek.FRIDAY,
            LocalTime.of(17, 0));
    Pair pair =
        new Pair(
            SessionConfig.initiator(FixVersion.FIX44, "A", "B").schedule(week).heartbeat(0).build(),
            SessionConfig.acceptor(FixVersion.FIX44, "B", "A").schedule(week.copy()).build());
    // Friday 2026-11-27 21:59 UTC is 16:59 in New York; Sunday 22:00 UTC opens again.
    pair.now = java.time.Instant.parse("2026-11-27T21:59:00Z").getEpochSecond() * Pair.SECOND;
    pair.connect();
    pair.exchange();
    pair.send(pair.initiator, "last of the week");
    pair.exchange();
    pair.pass(60 * Pair.SECOND);
    pair.exchange();
    assertThat(pair.initiatorApp.events).contains("logout SCHEDULE");
    assertThat(pair.acceptorApp.texts).containsExactly("last of the week");

    pair.now = java.time.Instant.parse("2026-11-29T22:00:01Z").getEpochSecond() * Pair.SECOND;
    pair.connect();
    assertThat(pair.toAcceptor.log.getFirst()).contains("|34=1|");
    pair.exchange();
    assertThat(pair.acceptor.isLoggedOn()).isTrue();
  }
}
