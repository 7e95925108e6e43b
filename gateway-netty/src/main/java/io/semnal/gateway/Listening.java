package io.semnal.gateway;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;

/**
 * Opens listeners: on loopback, elsewhere only where the configuration says that this is meant,
 * because nothing is encrypted.
 */
public final class Listening {
  private Listening() {}

  /**
   * Binds. The loop must be running, on this thread or another, for the result to come.
   *
   * @param what named in errors, for example {@code client sessions (TCP)}
   * @return the channel, or a {@link ListenException}
   */
  public static CompletableFuture<Channel> listen(
      ServerBootstrap bootstrap, String what, String host, int port, boolean insecure) {
    CompletableFuture<Channel> result = new CompletableFuture<>();
    String where = what + " cannot listen on " + host + ":" + port + ": ";
    try {
      InetAddress address = InetAddress.getByName(host);
      if (!insecure && !address.isLoopbackAddress()) {
        throw new ListenException(
            where
                + "this is not a loopback address and there is no TLS;"
                + " set insecure = true if that is meant",
            null);
      }
      ChannelFuture bound = bootstrap.bind(new InetSocketAddress(address, port));
      bound.addListener(
          done -> {
            if (done.isSuccess()) {
              result.complete(bound.channel());
            } else {
              result.completeExceptionally(ListenException.of(what, host, port, done.cause()));
            }
          });
    } catch (UnknownHostException e) {
      result.completeExceptionally(new ListenException(where + "the host is not known", e));
    } catch (ListenException e) {
      result.completeExceptionally(e);
    }
    return result;
  }
}
