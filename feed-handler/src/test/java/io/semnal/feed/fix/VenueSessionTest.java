package io.semnal.feed.fix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.fix.codec.FixMessage;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of prices when a session breaks, repeats itself, refuses or is too fast. */
class VenueSessionTest {
  private static final String AT = " at 2026-11-20T12:00:00Z";
  private static final int WARM = 20_000;
  private static final int MEASURED = 20_000;
  private static final int ROUNDS = 8;

  private static VenueRig generic() {
    VenueRig rig = new VenueRig("generic", Map.of());
    rig.requests();
    rig.heard();
    return rig;
  }

  private static void picture(VenueRig rig, String request, String bid, String ask) {
    rig.venue("W", "262=" + request + "|55=EUR/USD|268=2|269=0|270=" + bid + "|269=1|270=" + ask);
  }

  @Test
  void anEndMarksWhatTheSourceFedAndAReconnectionBeginsAFreshPicture() {
    VenueRig rig = generic();
    picture(rig, "S1", "1.1", "1.2");
    rig.session.disconnected(VenueRig.NOON);
    assertEquals(List.of("EURUSD #1 1.1/1.2 -x-" + AT, "DOWN all"), rig.heard());
    assertTrue(rig.prices.problem().contains("CONNECTION_LOST"), rig.prices.problem());

    rig.session.connected(rig, VenueRig.NOON);
    rig.receive("35=A|34=1|49=VENUE|56=US|52=20261120-12:00:00.000|98=0|108=30|141=Y");
    assertNull(rig.prices.problem());
    List<String> requests = rig.requests();
    assertTrue(requests.get(1).startsWith("V 262=S3|263=1|"), requests::toString);
    assertEquals(List.of("UP all"), rig.heard());
    // An increment finds nothing of before: no quote of half an old book.
    rig.receive(
        "35=X|34=2|49=VENUE|56=US|52=20261120-12:00:00.000|262=S3|268=1|279=1|269=0|270=1.15"
            + "|55=EUR/USD");
    assertEquals(List.of(), rig.heard());
  }

  @Test
  void aGapEmptiesTheBooksAndRepeatedPricesAreNeverQuotes() {
    VenueRig rig = generic();
    picture(rig, "S1", "1.1", "1.2");
    rig.heard();
    int missing = rig.nextIn();
    rig.lose(1);
    rig.venue("X", "262=S1|268=1|279=1|269=0|270=1.19|55=EUR/USD");
    assertEquals(List.of("2 7=" + missing + "|16=0|"), rig.requests());
    // The venue sends it again: an hour old, for all we know.
    rig.receive(
        "35=X|34="
            + missing
            + "|43=Y|49=VENUE|56=US|52=20261120-12:00:00.000|122=20261120-11:00:00|262=S1|268=1"
            + "|279=1|269=0|270=1.01|55=EUR/USD");
    assertEquals(List.of("STALE all"), rig.heard());
    assertEquals(
        List.of(
            "V 262=S1|263=2|264=0|265=1|267=2|269=0|269=1|146=1|55=EUR/USD|",
            "V 262=S3|263=1|264=0|265=1|267=2|269=0|269=1|146=1|55=EUR/USD|"),
        rig.requests());
    // What was on its way for the old request is not the new one's.
    picture(rig, "S1", "1.3", "1.4");
    assertEquals(List.of(), rig.heard());
    picture(rig, "S3", "1.11", "1.12");
    assertEquals(List.of("EURUSD #2 1.11/1.12 -x-" + AT), rig.heard());
  }

  @Test
  void aMissingRptSeqIsAGapOfItsInstrument() {
    VenueRig rig = generic();
    rig.venue("W", "55=EUR/USD|83=5|268=2|269=0|270=1.1|269=1|270=1.2");
    rig.venue("W", "55=USD/JPY|83=9|268=2|269=0|270=150|269=1|270=151");
    rig.venue("X", "268=1|279=1|269=0|270=1.11|55=EUR/USD|83=6");
    rig.heard();
    rig.venue("X", "268=1|279=1|269=0|270=1.12|55=EUR/USD|83=8");
    rig.venue("X", "268=1|279=1|269=0|270=150|55=USD/JPY|83=10");
    assertEquals(List.of("STALE EURUSD", "USDJPY #4 150/151 -x-" + AT), rig.heard());
    assertEquals(2, rig.requests().size());
  }

  @Test
  void aRefusalIsAStatusWithTheVenuesWords() {
    VenueRig rig = generic();
    rig.venue("Y", "262=S2|281=0|58=Unknown symbol");
    assertEquals(List.of("STALE USDJPY"), rig.heard());
    assertEquals(
        "FIX session venue: the venue refuses prices of USDJPY (reason 0): Unknown symbol",
        rig.prices.problem());
  }

  @Test
  void whatFindsNoRoomIsConflatedAndKeepsHighAndLow() {
    VenueRig rig = generic();
    rig.full = true;
    picture(rig, "S1", "1.10", "1.20");
    rig.venue("W", "262=S2|55=USD/JPY|268=2|269=0|270=150|269=1|270=151");
    picture(rig, "S1", "1.15", "1.25");
    picture(rig, "S1", "1.05", "1.18");
    picture(rig, "S1", "1.12", "1.19");
    assertEquals(0, rig.prices.drain());
    rig.full = false;
    assertEquals(2, rig.prices.drain());
    // In the order of what came last; one that stands alone is a quote as any.
    assertEquals(
        List.of(
            "USDJPY #2 150/151 -x-" + AT,
            "EURUSD #5 of 4 1.12/1.19 bid 1.05..1.15 ask 1.18..1.25 conflated"),
        rig.heard());
    picture(rig, "S1", "1.13", "1.19");
    assertEquals(List.of("EURUSD #6 1.13/1.19 -x-" + AT), rig.heard());
  }

  @Test
  void anotherSourceSpeaksWhenThePreferredOneIsBehindOrDown() {
    long second = 1_000_000_000L;
    SourceArbiter arbiter = new SourceArbiter(2, 1, 2 * second);
    arbiter.up(0);
    arbiter.up(1);
    assertTrue(arbiter.admits(0, 0, 10 * second));
    assertEquals(false, arbiter.admits(1, 0, 11 * second), "the preferred one keeps up");
    assertTrue(arbiter.admits(1, 0, 12 * second + 1), "it is behind");
    assertEquals(false, arbiter.admits(0, 0, 11 * second), "never back in time");
    assertTrue(arbiter.admits(0, 0, 13 * second), "it is there again");
    arbiter.down(0);
    assertEquals(false, arbiter.admits(1, 0, 12 * second), "never back in time");
    assertTrue(arbiter.admits(1, 0, 13 * second), "the preferred one is down");
    assertEquals(3, arbiter.switches());
  }

  @Test
  void aPriceAllocatesNothing() {
    VenueRig rig = generic();
    rig.keeps = false;
    picture(rig, "S1", "1.1", "1.2");
    FixMessage[] messages = {
      FixText.message(
          "FIX.4.4",
          "35=X|34=9|49=VENUE|56=US|52=20261120-12:00:00.000|262=S1|268=2|279=1|269=0|270=1.10"
              + "|271=1000000|55=EUR/USD|279=1|269=1|270=1.20|271=5|55=EUR/USD|83=0"),
      FixText.message(
          "FIX.4.4",
          "35=W|34=9|49=VENUE|56=US|52=20261120-12:00:00.000|262=S1|55=EUR/USD|268=3|269=0"
              + "|270=1.1|271=5|272=20261120|273=11:59:59.5|278=a|269=0|270=1.09|278=b|269=1"
              + "|270=1.2|278=c"),
      FixText.message(
          "FIX.4.4",
          "35=i|34=9|49=VENUE|56=US|52=20261120-12:00:00.000|117=Q|296=1|302=A|311=EUR/USD|295=1"
              + "|299=0|132=1.1|133=1.2|134=5|135=6"),
    };
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < WARM; i++) {
      rig.prices.onMessage(rig.session, messages[i % messages.length], VenueRig.NOON);
    }
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = threads.getCurrentThreadAllocatedBytes();
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < MEASURED; i++) {
        rig.prices.onMessage(rig.session, messages[i % messages.length], VenueRig.NOON);
      }
      long after = threads.getCurrentThreadAllocatedBytes();
      least = Math.min(least, after - before - (before - start));
    }
    assertTrue(least <= 0, least + " bytes for " + MEASURED + " messages");
  }
}
