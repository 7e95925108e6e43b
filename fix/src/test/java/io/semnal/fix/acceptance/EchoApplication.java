package io.semnal.fix.acceptance;

import io.semnal.fix.codec.FixEncoder;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.fix.codec.TagSet;
import io.semnal.fix.session.DisconnectReason;
import io.semnal.fix.session.FixApplication;
import io.semnal.fix.session.FixSession;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Sends application messages back, their fields ascending as acceptance scripts expect them, groups
 * as they came; a PossResend one whose ClOrdID (11) was seen is ignored; execution reports are not
 * taken.
 */
final class EchoApplication implements FixApplication {
  private static final int UNSUPPORTED = 3;
  private static final TagSet GROUPS = TagSet.of(386, 146, 382, 78, 453, 454, 555, 711, 268);
  private static final TagSet SESSION_HEADER = TagSet.of(34, 35, 43, 49, 50, 52, 56, 57, 122);

  private final Set<String> seen = new HashSet<>();

  @Override
  public void onMessage(FixSession session, FixMessage message, long now) {
    if (message.msgType() == MsgType.EXECUTION_REPORT) {
      session.businessReject(message, UNSUPPORTED, "Unsupported Message Type");
      return;
    }
    String id = message.text(Tag.CL_ORD_ID);
    boolean known = id != null && !seen.add(id);
    if (!known || !message.isYes(Tag.POSS_RESEND)) {
      echo(session, message);
    }
  }

  private static void echo(FixSession session, FixMessage message) {
    FixEncoder out = session.begin(message.msgType());
    int body = 0;
    while (body < message.fieldCount() && isHeader(message.tag(body))) {
      if (!SESSION_HEADER.contains(message.tag(body))) {
        out.copy(message, body);
      }
      body++;
    }
    for (int[] run : runs(message, body)) {
      for (int i = run[0]; i < run[1]; i++) {
        out.copy(message, i);
      }
    }
    session.send();
  }

  /** Ranges of fields that stay together, by their first tag; a group takes all to the end. */
  private static List<int[]> runs(FixMessage message, int from) {
    List<int[]> runs = new ArrayList<>();
    for (int i = from; i < message.fieldCount(); ) {
      boolean group = GROUPS.contains(message.tag(i)) && message.integerAt(i) > 0;
      int end = group ? message.fieldCount() : i + 1;
      runs.add(new int[] {i, end});
      i = end;
    }
    runs.sort(Comparator.comparingInt(run -> message.tag(run[0])));
    return runs;
  }

  private static boolean isHeader(int tag) {
    return SESSION_HEADER.contains(tag)
        || TagSet.of(90, 91, 97, 115, 116, 128, 129, 142, 143, 144, 145, 212, 213, 347, 369)
            .contains(tag);
  }

  @Override
  public void onLogout(FixSession session, DisconnectReason reason, long now) {
    seen.clear();
  }
}
