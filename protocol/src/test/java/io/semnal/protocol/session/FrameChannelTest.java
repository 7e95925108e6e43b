package io.semnal.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

class FrameChannelTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @Test
  void tellsASocketThatTcpConnectedToItself() throws IOException {
    try (SocketChannel alone = SocketChannel.open().bind(ANY)) {
      alone.connect(alone.getLocalAddress());
      assertThat(Wire.isConnectedToItself(alone)).isTrue();
    }
  }

  @Test
  void takesAnOrdinaryConnectionForWhatItIs() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY);
        SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
      assertThat(Wire.isConnectedToItself(client)).isFalse();
    }
  }
}
