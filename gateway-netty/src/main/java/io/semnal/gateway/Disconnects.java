package io.semnal.gateway;

import io.netty.channel.Channel;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;

/** What is logged of a connection that failed. */
public final class Disconnects {
  private Disconnects() {}

  /**
   * Logs at the level that the cause deserves. Of what TLS says the kind alone is logged: it quotes
   * the bytes that came, and who speaks in the clear by mistake may have sent anything.
   */
  public static void log(Logger log, Channel channel, String what, Throwable cause) {
    SSLException tls =
        cause instanceof SSLException own
            ? own
            : cause.getCause() instanceof SSLException inner ? inner : null;
    if (tls != null) {
      log.debug("{}: no TLS: {}", channel.remoteAddress(), tls.getClass().getSimpleName());
    } else if (cause instanceof IOException) {
      log.debug("{}: {}", channel.remoteAddress(), cause.getMessage());
    } else {
      log.error("{}: {}", channel.remoteAddress(), what, cause);
    }
  }
}
