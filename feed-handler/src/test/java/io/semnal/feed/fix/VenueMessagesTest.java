package io.semnal.feed.fix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each profile's messages as venues write them, and the quotes that a reader of them expects. */
class VenueMessagesTest {
  private static final String AT = " at 2026-11-20T11:59:59.500Z";
  private static final String NOON = " at 2026-11-20T12:00:00Z";

  @Test
  void genericAsksForIncrementsAndKeysTheBookByPrice() {
    VenueRig rig = new VenueRig("generic", Map.of());
    List<String> requests = rig.requests();
    assertTrue(requests.get(0).startsWith("A "), requests::toString);
    assertEquals(
        List.of(
            "V 262=S1|263=1|264=0|265=1|267=2|269=0|269=1|146=1|55=EUR/USD|",
            "V 262=S2|263=1|264=0|265=1|267=2|269=0|269=1|146=1|55=USD/JPY|"),
        requests.subList(1, 3));
    assertEquals(List.of("UP all"), rig.heard());
    rig.venue(
        "W",
        "262=S1|55=EUR/USD|268=4|269=0|270=1.1000|271=1000000|272=20261120|273=11:59:59.500"
            + "|269=0|270=1.0999|271=2000000|269=1|270=1.1002|271=3000000|269=1|270=01.10030|271=5");
    assertEquals(List.of("EURUSD #1 1.1/1.1002 1000000x3000000" + AT), rig.heard());
    // A better bid; the ask's best goes, what was behind it is best.
    rig.venue(
        "X",
        "262=S1|268=2|279=0|269=0|270=1.1001|271=500000|55=EUR/USD|279=2|269=1|270=1.1002"
            + "|55=EUR/USD");
    assertEquals(List.of("EURUSD #2 1.1001/1.1003 500000x5" + NOON), rig.heard());
    // Behind the best nothing changes.
    rig.venue("X", "268=1|279=1|269=0|270=1.0999|271=7|55=EUR/USD");
    assertEquals(List.of(), rig.heard());
    // The same price again is a tick.
    rig.venue("X", "268=1|279=1|269=0|270=1.1001|271=600000|55=EUR/USD");
    assertEquals(List.of("EURUSD #3 1.1001/1.1003 600000x5" + NOON), rig.heard());
    // One side empty: no quote.
    rig.venue("X", "268=1|279=2|269=1|270=1.1003|55=EUR/USD");
    assertEquals(List.of(), rig.heard());
  }

  @Test
  void groupsAreReadInAnyOrderBehindTheirDelimiter() {
    VenueRig rig = new VenueRig("generic", Map.of());
    rig.heard();
    rig.venue("W", "55=EUR/USD|268=2|269=0|271=1|270=1.1|269=1|271=2|270=1.2");
    assertEquals(List.of("EURUSD #1 1.1/1.2 1x2" + NOON), rig.heard());
    // Two instruments in one message; the second entry says no 55: it is of the one before.
    rig.venue(
        "X",
        "268=3|279=1|55=EUR/USD|270=1.1|269=0|271=9|279=0|269=0|270=150.1|55=USD/JPY"
            + "|279=0|270=150.2|269=1");
    assertEquals(
        List.of("EURUSD #2 1.1/1.2 9x2" + NOON, "USDJPY #3 150.1/150.2 -x-" + NOON), rig.heard());
  }

  @Test
  void lmaxNamesInstrumentsByIdAndSendsWholePictures() {
    VenueRig rig = new VenueRig("lmax", Map.of("EURUSD", "4001", "USDJPY", "4004"));
    assertEquals(
        "V 262=S1|263=1|264=1|265=0|267=2|269=0|269=1|146=1|48=4001|22=8|", rig.requests().get(1));
    rig.heard();
    rig.venue(
        "W",
        "262=S1|48=4001|22=8|268=2|269=0|270=1.24020|271=250|272=20261120|273=11:59:59.500|269=1"
            + "|270=1.24026|271=50");
    assertEquals(List.of("EURUSD #1 1.2402/1.24026 250x50" + AT), rig.heard());
    // The next picture replaces the first, a better old price does not stay.
    rig.venue("W", "262=S1|48=4001|22=8|268=2|269=0|270=1.23000|271=1|269=1|270=1.23010|271=2");
    assertEquals(List.of("EURUSD #2 1.23/1.2301 1x2" + NOON), rig.heard());
    // The market is empty.
    rig.venue("W", "262=S1|48=4001|22=8|268=0");
    assertEquals(List.of(), rig.heard());
    assertThrows(
        IllegalArgumentException.class,
        () -> new VenueRig("lmax", Map.of()),
        "its numbers must be told");
  }

  @Test
  void fxcmSaysItsDeskInEachMessageAndHighAndLowAreNoPrices() {
    VenueRig rig = new VenueRig("fxcm", Map.of());
    assertEquals(
        "V 57=PRICE|262=S1|263=1|264=1|265=0|267=4|269=0|269=1|269=7|269=8|146=1|55=EUR/USD|",
        rig.requests().get(1));
    rig.heard();
    rig.venue(
        "W",
        "57=U100|262=S1|55=EUR/USD|460=4|9001=1|9002=1|9005=FXCM|268=4|269=0|270=1.21921|271=0"
            + "|272=20261120|273=11:59:59.500|336=FXCM|625=U100|276=A|282=XX|299=FXCM-1|269=1"
            + "|270=1.21936|271=0|272=20261120|273=11:59:59|269=7|270=1.3|269=8|270=1.1|9011=7");
    // Its sizes of 0 say nothing.
    assertEquals(List.of("EURUSD #1 1.21921/1.21936 -x-" + AT), rig.heard());
  }

  @Test
  void ctraderLearnsItsNumbersAndDeletesByIdAlone() {
    VenueRig rig = new VenueRig("ctrader", Map.of());
    assertEquals("x 57=QUOTE|320=S1|559=4|", rig.requests().get(1));
    rig.heard();
    rig.venue(
        "y",
        "320=S1|322=9|560=0|146=3|55=1|1007=EURUSD|1008=5|55=9|1007=XAUUSD|1008=2|55=4"
            + "|1007=USDJPY|1008=3");
    assertEquals(
        List.of(
            "V 57=QUOTE|262=S2|263=1|264=0|265=1|267=2|269=0|269=1|146=1|55=1|",
            "V 57=QUOTE|262=S3|263=1|264=0|265=1|267=2|269=0|269=1|146=1|55=4|"),
        rig.requests());
    // Spot: without sizes.
    rig.venue("W", "262=S2|55=1|268=2|269=0|270=1.06625|269=1|270=1.0663");
    assertEquals(List.of("EURUSD #1 1.06625/1.0663 -x-" + NOON), rig.heard());
    // Depth: entries by id.
    rig.venue(
        "W",
        "262=S2|55=1|268=3|269=0|270=1.06625|271=3000000|278=16|269=0|270=1.06624|271=1000000"
            + "|278=17|269=1|270=1.0663|271=2000000|278=18");
    assertEquals(List.of("EURUSD #2 1.06625/1.0663 3000000x2000000" + NOON), rig.heard());
    rig.venue("X", "262=S2|268=2|279=2|278=16|55=1|279=0|269=1|278=20|55=1|270=1.06629|271=5");
    assertEquals(List.of("EURUSD #3 1.06624/1.06629 1000000x5" + NOON), rig.heard());
    rig.venue("X", "262=S2|268=1|279=2|278=99|55=1");
    assertEquals(List.of(), rig.heard());
    assertEquals(1, rig.prices.reader().unknown());
  }

  @Test
  void oandaAsksForTheTopAlone() {
    VenueRig rig = new VenueRig("oanda", Map.of());
    assertEquals(
        "V 262=S1|263=1|264=1|265=1|267=2|269=0|269=1|146=1|55=EUR/USD|", rig.requests().get(1));
    rig.heard();
    rig.venue("W", "262=S1|55=EUR/USD|268=2|269=0|270=1.1|278=b|269=1|270=1.2|278=a");
    rig.venue(
        "X",
        "262=S1|268=2|279=1|269=0|278=b|55=EUR/USD|270=1.11|279=1|269=1|278=a|55=EUR/USD|270=1.12"
            + "|272=20261120|273=11:59:59.500");
    assertEquals(
        List.of("EURUSD #1 1.1/1.2 -x-" + NOON, "EURUSD #2 1.11/1.12 -x-" + AT), rig.heard());
  }

  @Test
  void integralSpeaks43AndNeitherResetsNorResends() {
    VenueRig rig = new VenueRig("integral", Map.of());
    List<String> requests = rig.requests();
    assertTrue(!requests.get(0).contains("141="), requests::toString);
    rig.heard();
    rig.venue("W", "262=S1|55=EUR/USD|268=2|269=0|270=1.1|271=1|269=1|270=1.2|271=2|60=x");
    assertEquals(List.of("EURUSD #1 1.1/1.2 1x2" + NOON), rig.heard());
    // A gap, filled: marked, but the next picture is whole, and nothing is asked for anew.
    rig.lose(3);
    rig.venue("W", "262=S1|55=EUR/USD|268=2|269=0|270=1.3|271=1|269=1|270=1.4|271=2");
    assertEquals(List.of(), rig.heard());
    assertEquals(List.of("2 7=3|16=0|"), rig.requests());
    rig.receive(
        "35=4|34=3|43=Y|49=VENUE|56=US|52=20261120-12:00:00.000|122=20261120-11:59:59|123=Y|36=6");
    assertEquals(List.of("STALE all", "EURUSD #2 1.3/1.4 1x2" + NOON), rig.heard());
    assertEquals(List.of(), rig.requests());
  }

  @Test
  void aQuoteReplacesTheOneBefore() {
    VenueRig rig = new VenueRig("generic", Map.of());
    rig.heard();
    rig.venue(
        "S",
        "131=R|117=Q1|55=USD/JPY|132=150.10|133=150.12|134=1000000|135=2000000"
            + "|60=20261120-11:59:59.500");
    rig.venue("S", "117=Q2|55=USD/JPY|132=150.05|133=150.09");
    rig.venue("S", "117=Q3|55=USD/JPY|132=0|133=0");
    assertEquals(
        List.of(
            "USDJPY #1 150.1/150.12 1000000x2000000" + AT, "USDJPY #2 150.05/150.09 -x-" + NOON),
        rig.heard());
  }

  @Test
  void aMassQuoteIsTakenEntryByEntryAndAcknowledgedWhenAsked() {
    VenueRig rig = new VenueRig("generic", Map.of());
    rig.requests();
    rig.heard();
    rig.venue(
        "i",
        "117=MQ1|301=1|296=2|302=A|311=EUR/USD|295=2|299=0|132=1.1|133=1.2|134=5|135=6|299=1"
            + "|132=1.11|133=1.19|134=1|135=2|302=B|311=USD/JPY|295=1|299=0|188=150.1|190=150.2");
    assertEquals(
        List.of("EURUSD #1 1.11/1.19 1x2" + NOON, "USDJPY #2 150.1/150.2 -x-" + NOON), rig.heard());
    assertEquals(List.of("b 117=MQ1|297=0|"), rig.requests());
    // What an entry does not say stays; a size of 0 takes it away. Not asked: not acknowledged.
    rig.venue("i", "117=MQ2|296=1|302=A|311=EUR/USD|295=1|299=1|134=0|133=1.18");
    assertEquals(List.of("EURUSD #3 1.1/1.18 5x2" + NOON), rig.heard());
    assertEquals(List.of(), rig.requests());
  }

  @Test
  void everyProfileIsRead() {
    for (String name : VenueProfile.KNOWN) {
      assertEquals(name, VenueProfile.of(name).name());
    }
    assertThrows(IllegalArgumentException.class, () -> VenueProfile.of("nowhere"));
  }
}
