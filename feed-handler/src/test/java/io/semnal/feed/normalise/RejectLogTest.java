package io.semnal.feed.normalise;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RejectLogTest {
  private static final long SECOND = 1_000_000_000L;
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final RejectLog log = new RejectLog("broker");

  @BeforeEach
  void listen() {
    lines.start();
    logger().setLevel(Level.INFO);
    logger().addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger().detachAppender(lines);
    logger().setLevel(null);
  }

  @Test
  void writesOneLineASecondAndReason() {
    // nanoTime may begin anywhere, below zero and near its wrap too
    for (long start : new long[] {0, -5 * SECOND, Long.MAX_VALUE - SECOND / 2}) {
      RejectLog fresh = new RejectLog("broker");
      assertThat(reject(fresh, RejectReason.BAD_PRICE, start)).isTrue();
      assertThat(reject(fresh, RejectReason.BAD_PRICE, start + SECOND - 1)).isFalse();
      assertThat(reject(fresh, RejectReason.BAD_TIME, start + SECOND - 1)).isTrue();
      assertThat(reject(fresh, RejectReason.BAD_PRICE, start + SECOND)).isTrue();
    }
  }

  @Test
  void saysHowManyWereLeftOut() {
    for (int i = 0; i < 1_000; i++) {
      reject(log, RejectReason.BAD_PRICE, i);
    }
    reject(log, RejectReason.BAD_PRICE, SECOND);
    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "source broker: refused a price that is none: instrument id 3, sourceSeq 4, eventTime 5"
                + " ns, bid -6e-8, ask 7e-8; 0 more of these since the last such line",
            "source broker: refused a price that is none: instrument id 3, sourceSeq 4, eventTime 5"
                + " ns, bid -6e-8, ask 7e-8; 999 more of these since the last such line");
  }

  private static boolean reject(RejectLog log, RejectReason reason, long nanoTime) {
    return log.onReject(reason, 3, 4, 5, -6, 7, nanoTime);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(RejectLog.class);
  }
}
