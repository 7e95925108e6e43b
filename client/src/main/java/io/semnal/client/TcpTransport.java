package io.semnal.client;

import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.FrameChannel;
import io.semnal.protocol.session.FrameHandler;
import io.semnal.protocol.session.SessionTerms;
import io.semnal.protocol.session.SessionWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.agrona.DirectBuffer;

/** SBE over TCP; receiving in the clear allocates nothing. */
final class TcpTransport implements Transport {
  private final FrameChannel channel;
  private final SbeRequests requests = new SbeRequests();
  private Receiver receiver;
  private final FrameHandler handler = this::onMessage;

  TcpTransport(ClientOptions options) throws IOException {
    channel =
        FrameChannel.connect(
            new InetSocketAddress(options.uri().getHost(), options.uri().getPort()),
            options.tlsInUse(),
            options.timeout());
  }

  @Override
  public SessionTerms login(ClientKey key, String clientName, Duration timeout) throws IOException {
    return channel.login(Role.CLIENT, key, clientName, timeout);
  }

  @Override
  public void subscribe(long requestId, Subscription subscription) throws IOException {
    int at = claim(SbeRequests.length(subscription));
    channel.commit(requests.subscribe(channel.outBuffer(), at, requestId, subscription));
    channel.flush();
  }

  @Override
  public void unsubscribe(long requestId, int channelBits) throws IOException {
    int at = claim(SessionWriter.MOST);
    channel.commit(requests.unsubscribe(channel.outBuffer(), at, requestId, channelBits));
    channel.flush();
  }

  @Override
  public void send(DirectBuffer buffer, int offset, int length) throws IOException {
    int at = claim(length);
    channel.outBuffer().putBytes(at, buffer, offset, length);
    channel.commit(length);
    channel.flush();
  }

  @Override
  public void timeSync(long clientSend) throws IOException {
    int at = claim(SessionWriter.MOST);
    channel.commit(requests.timeSync(channel.outBuffer(), at, clientSend));
    channel.flush();
  }

  @Override
  public void heartbeat() throws IOException {
    int at = claim(SessionWriter.MOST);
    channel.commit(requests.heartbeat(channel.outBuffer(), at));
    channel.flush();
  }

  private int claim(int length) throws IOException {
    int at = channel.claim(length);
    if (at < 0) {
      throw new IOException("the server does not read what it is sent");
    }
    return at;
  }

  @Override
  public int poll(Receiver to, int most) throws IOException {
    receiver = to;
    channel.flush();
    return channel.poll(handler, most);
  }

  private void onMessage(DirectBuffer buffer, int offset, int length) throws IOException {
    receiver.onMessage(buffer, offset, length);
  }

  @Override
  public void await(long millis) throws IOException {
    channel.await(millis);
  }

  @Override
  public void wakeup() {
    channel.wakeup();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
