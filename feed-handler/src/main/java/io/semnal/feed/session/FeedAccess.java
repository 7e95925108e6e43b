package io.semnal.feed.session;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.semnal.core.access.Admission;
import io.semnal.core.access.AuditLog;
import io.semnal.core.access.LoginLimits;
import io.semnal.core.metrics.Metrics;
import java.util.function.Function;

/**
 * Who may come in at the feed port, and how.
 *
 * @param audit told of logins, refusals and revocations
 * @param tls makes the handler that encrypts a connection; {@code null} = in the clear
 */
public record FeedAccess(
    Admission admission, AuditLog audit, Function<ByteBufAllocator, ChannelHandler> tls) {

  /** In the clear, with the limits of the reference, and without an audit log. */
  public static FeedAccess open(Metrics metrics) {
    return new FeedAccess(new Admission(LoginLimits.DEFAULT, "feed", metrics), AuditLog.NONE, null);
  }
}
