package io.semnal.fix.session;

import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.Tag;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a session told it. */
class RecordingApplication implements FixApplication {
  final List<String> texts = new ArrayList<>();
  final List<String> events = new ArrayList<>();

  @Override
  public void onMessage(FixSession session, FixMessage message, long now) {
    texts.add(message.text(Tag.TEXT));
  }

  @Override
  public void onLogon(FixSession session, long now) {
    events.add("logon");
  }

  @Override
  public void onLogout(FixSession session, DisconnectReason reason, long now) {
    events.add("logout " + reason);
  }

  @Override
  public void onLogonFailed(FixSession session, DisconnectReason reason, String text, long now) {
    events.add("failed " + reason + (text == null ? "" : ": " + text));
  }

  @Override
  public void onReject(FixSession session, FixMessage reject, long now) {
    events.add("reject " + reject.text(Tag.TEXT));
  }
}
