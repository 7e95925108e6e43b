package io.semnal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client's WebSocket against servers that send bytes by hand, as RFC 6455 has them. */
class WebSocketChannelTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Pattern KEY = Pattern.compile("Sec-WebSocket-Key: (\\S+)\r\n");

  private interface Server {
    void serve(Socket socket) throws Exception;
  }

  /** What the client made of what the server sent, one text for each message. */
  private static List<String> received(Server server) throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread serving =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (Socket socket = listening.accept()) {
                      server.serve(socket);
                    } catch (Exception e) {
                      throw new AssertionError(e);
                    }
                  });
      URI uri = URI.create("ws://127.0.0.1:" + listening.getLocalPort() + "/ws");
      List<String> seen = new ArrayList<>();
      try (WebSocketChannel channel = WebSocketChannel.connect(uri, "p.v1", null, LONG)) {
        while (true) {
          int handled =
              channel.poll(
                  (opcode, buffer, offset, length) ->
                      seen.add(
                          (opcode == WebSocketChannel.TEXT ? "t:" : "b:")
                              + buffer.getStringWithoutLengthUtf8(offset, length)),
                  3);
          if (handled == 0) {
            channel.await(1_000);
          }
        }
      } catch (IOException e) {
        seen.add("end: " + e.getMessage());
      }
      // What the server has got, it may be about to write down.
      serving.join();
      return seen;
    }
  }

  private static String upgrade(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("within the upgrade: " + head);
      }
      head.append((char) next);
    }
    Matcher key = KEY.matcher(head);
    assertThat(key.find()).isTrue();
    assertThat(head.toString()).startsWith("GET /ws HTTP/1.1\r\n");
    return key.group(1);
  }

  private static void accept(Socket socket) throws IOException {
    String key = upgrade(socket);
    socket
        .getOutputStream()
        .write(
            ("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: "
                    + WebSocketUpgrade.accept(key)
                    + "\r\nSec-WebSocket-Protocol: p.v1\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] frame(int first, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(first);
    if (payload.length < 126) {
      frame.write(payload.length);
    } else if (payload.length < 65_536) {
      frame.write(126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    } else {
      frame.write(127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) payload.length >> shift));
      }
    }
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** RFC 6455, section 1.3. */
  @Test
  void answersAKeyAsTheRfcDoes() {
    assertThat(WebSocketUpgrade.accept("dGhlIHNhbXBsZSBub25jZQ=="))
        .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  }

  /** All kinds of frames, cut at every byte. */
  @Test
  void readsMessagesHoweverTheyAreCut() throws Exception {
    String long16 = "x".repeat(300);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(frame(0x81, text("héllo")));
    all.writeBytes(frame(0x82, text("")));
    all.writeBytes(frame(0x01, text("one ")));
    all.writeBytes(frame(0x89, text("ping")));
    all.writeBytes(frame(0x00, text("two ")));
    all.writeBytes(frame(0x80, text("three")));
    all.writeBytes(frame(0x82, text(long16)));
    all.writeBytes(frame(0x88, new byte[] {0x03, (byte) 0xF5, 's', 'l', 'o', 'w'}));
    List<byte[]> answered = new ArrayList<>();
    List<String> seen =
        received(
            socket -> {
              accept(socket);
              for (byte one : all.toByteArray()) {
                socket.getOutputStream().write(one);
                socket.getOutputStream().flush();
              }
              answered.add(socket.getInputStream().readNBytes(10));
            });
    assertThat(seen)
        .containsExactly(
            "t:héllo",
            "b:",
            "t:one two three",
            "b:" + long16,
            "end: the server closed the connection: 1013 slow");
    byte[] pong = answered.getFirst();
    assertThat(pong[0] & 0xFF).isEqualTo(0x8A);
    assertThat(pong[1] & 0xFF).isEqualTo(0x80 | 4);
    byte[] payload = new byte[4];
    for (int i = 0; i < 4; i++) {
      payload[i] = (byte) (pong[6 + i] ^ pong[2 + i]);
    }
    assertThat(new String(payload, StandardCharsets.US_ASCII)).isEqualTo("ping");
  }

  @Test
  void readsALongMessageInOneFrame() throws Exception {
    String large = "y".repeat(700_000);
    assertThat(
            received(
                socket -> {
                  accept(socket);
                  socket.getOutputStream().write(frame(0x82, text(large)));
                  socket.getOutputStream().write(frame(0x82, text("after")));
                }))
        .containsExactly("b:" + large, "b:after", "end: the server closed the connection");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80 00", // a continuation of nothing
        "81 80 00000000", // masked by a server
        "C1 00", // a reserved bit
        "83 00", // a reserved opcode
        "09 00", // a fragmented ping
        "89 7E 0080", // a ping that is too long
        "01 01 61 81 01 62", // a message within a message
        "82 7F 0000000000200000", // larger than any message
        "82 7F 8000000000000000", // a negative length
      })
  void endsWhereTheServerBreaksTheProtocol(String hex) throws Exception {
    byte[] bytes = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
    byte[] sent = java.util.Arrays.copyOf(bytes, Math.max(bytes.length, 4));
    boolean ping = hex.startsWith("89");
    List<String> seen =
        received(
            socket -> {
              accept(socket);
              socket.getOutputStream().write(sent);
              socket.getOutputStream().write(new byte[ping ? 0x80 : 0]);
              socket.getInputStream().readAllBytes();
            });
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst()).matches("end: the server sent (what is not WebSocket|.*too large)");
  }

  @Test
  void masksWhatItSends() throws Exception {
    for (int length : new int[] {5, 126, 65_536}) {
      byte[] payload = text("z".repeat(length));
      try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        List<byte[]> got = new ArrayList<>();
        int header = length < 126 ? 6 : length < 65_536 ? 8 : 14;
        Thread server =
            Thread.ofVirtual()
                .start(
                    () -> {
                      try (Socket socket = listening.accept()) {
                        accept(socket);
                        got.add(socket.getInputStream().readNBytes(header + length));
                      } catch (IOException e) {
                        throw new AssertionError(e);
                      }
                    });
        URI uri = URI.create("ws://127.0.0.1:" + listening.getLocalPort() + "/ws");
        try (WebSocketChannel channel = WebSocketChannel.connect(uri, "p.v1", null, LONG)) {
          channel.send(WebSocketChannel.BINARY, new UnsafeBuffer(payload), 0, length);
          while (!channel.flush()) {
            channel.await(100);
          }
          server.join();
        }
        byte[] frame = got.getFirst();
        assertThat(frame).hasSize(header + length);
        assertThat(frame[1] & 0x80).isNotZero();
        for (int i = 0; i < length; i++) {
          frame[header + i] ^= frame[header - 4 + i % 4];
        }
        assertThat(java.util.Arrays.copyOfRange(frame, header, header + length)).isEqualTo(payload);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 403 Forbidden\r\n\r\n|HTTP 403 Forbidden",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n"
            + "Sec-WebSocket-Protocol: p.v1\r\n\r\n|not one of WebSocket",
        "SSH-2.0-OpenSSH_9.6\r\n\r\n|does not speak HTTP/1.1",
        "|closed the connection instead",
      })
  void tellsWhyAnUpgradeFails(String answer) throws Exception {
    String[] parts = answer.split("\\|");
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket socket = listening.accept()) {
                  upgrade(socket);
                  socket.getOutputStream().write(text(parts[0]));
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      URI uri = URI.create("ws://127.0.0.1:" + listening.getLocalPort() + "/ws");
      assertThatThrownBy(() -> WebSocketChannel.connect(uri, "p.v1", null, LONG))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(parts[1]);
    }
  }
}
