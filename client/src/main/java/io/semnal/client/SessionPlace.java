package io.semnal.client;

import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.SnapshotBeginDecoder;
import io.semnal.protocol.sbe.SnapshotEndDecoder;
import io.semnal.protocol.sbe.SubscribedDecoder;
import io.semnal.protocol.session.ResumeToken;
import io.semnal.protocol.session.SessionTerms;
import org.agrona.DirectBuffer;

/**
 * Sees whether a session's stream has begun, behind its snapshot where there is one, while
 * everything passes on to the owner.
 */
final class SessionPlace implements ClientHandler {
  private final ClientHandler owner;
  private final ResumeToken known;
  private boolean isOfKnownEpoch;
  private boolean answered;
  private boolean snapshotDue;
  private boolean inSnapshot;

  /**
   * @param known the owner has everything up to here, and is not told again: a session may be a
   *     little behind Aeron; {@code null} = nothing
   * @param snapshotDue whether the first Subscribe is answered by one
   */
  SessionPlace(ClientHandler owner, ResumeToken known, boolean snapshotDue) {
    this.owner = owner;
    this.known = known;
    this.snapshotDue = snapshotDue;
  }

  /** What comes now are the stream's own messages, after the session's token. */
  boolean isInStream() {
    return answered && !snapshotDue;
  }

  @Override
  public void onConnected(SessionTerms terms) {
    answered = false;
    isOfKnownEpoch = known != null && known.epoch() == terms.epoch();
    owner.onConnected(terms);
  }

  @Override
  public void onDisconnected(String why) {
    answered = false;
    // The client resumes after its token, which is no snapshot.
    snapshotDue = false;
    inSnapshot = false;
    owner.onDisconnected(why);
  }

  @Override
  public void onError(ServerError error) {
    switch (error.code()) {
      // Each is followed by a snapshot.
      case EPOCH_CHANGED, FROM_AHEAD, REPLAY_AGED_OUT -> snapshotDue = true;
      default -> {
        // The stream goes on as it was, or the session ends.
      }
    }
    owner.onError(error);
  }

  @Override
  public void onGap(int channel, int instrument, int timeframe, int strategy, long from, long to) {
    owner.onGap(channel, instrument, timeframe, strategy, from, to);
  }

  @Override
  public void onMessage(DirectBuffer buffer, int offset, int length) {
    int template = MessageLayout.templateId(buffer, offset);
    switch (template) {
      case SubscribedDecoder.TEMPLATE_ID -> answered = true;
      case SnapshotBeginDecoder.TEMPLATE_ID -> inSnapshot = true;
      case SnapshotEndDecoder.TEMPLATE_ID -> {
        inSnapshot = false;
        snapshotDue = false;
      }
      default -> {
        int channel = Channel.of(template);
        boolean isOfStream = channel >= 0 && channel != Channel.DEFINITIONS && !inSnapshot;
        if (isOfStream
            && isOfKnownEpoch
            && MessageLayout.outSeq(buffer, offset) <= known.outSeq()) {
          return;
        }
      }
    }
    owner.onMessage(buffer, offset, length);
  }
}
