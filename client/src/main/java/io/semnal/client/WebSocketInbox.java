package io.semnal.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Whole WebSocket messages on their way from the HTTP client's threads to the one that polls, never
 * more than {@link #CREDIT}: the rest waits at the server.
 */
final class WebSocketInbox implements WebSocket.Listener {
  /** Messages that may arrive before any is polled; the poller asks for one more each time. */
  static final int CREDIT = 1024;

  private final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
  private Object ahead;

  @Override
  public void onOpen(WebSocket socket) {
    socket.request(CREDIT);
  }

  @Override
  public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      queue.add(text.toString());
      text.setLength(0);
    } else {
      socket.request(1);
    }
    return null;
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
    byte[] part = new byte[data.remaining()];
    data.get(part);
    binary.writeBytes(part);
    if (last) {
      queue.add(binary.toByteArray());
      binary.reset();
    } else {
      socket.request(1);
    }
    return null;
  }

  @Override
  public CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
    socket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
    socket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
    queue.add(
        new EOFException(
            "the server closed the connection: "
                + status
                + (reason.isEmpty() ? "" : " " + reason)));
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    queue.add(new IOException("the connection broke: " + error.getMessage(), error));
  }

  /** The next message (String or byte[]) or the end (IOException); {@code null} = none yet. */
  Object next() {
    Object next = ahead == null ? queue.poll() : ahead;
    ahead = null;
    return next;
  }

  void await(long millis) throws IOException {
    if (ahead == null) {
      try {
        ahead = queue.poll(millis, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }
}
