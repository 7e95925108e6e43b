package io.semnal.gateway;

import java.util.Arrays;

/**
 * The streams that subscribe to one channel, unordered, each beside what it asks and how far it is:
 * what decides about a message is found without a way through the session. Walk it from the end, as
 * a {@link SessionList}. Loop thread.
 */
final class Subscribers {
  private SessionStream[] streams = new SessionStream[16];
  private Delivery[] deliveries = new Delivery[16];
  private int size;

  int size() {
    return size;
  }

  SessionStream stream(int i) {
    return streams[i];
  }

  Delivery delivery(int i) {
    return deliveries[i];
  }

  void addIfAbsent(SessionStream stream) {
    if (indexOf(stream) >= 0) {
      return;
    }
    if (size == streams.length) {
      streams = Arrays.copyOf(streams, size * 2);
      deliveries = Arrays.copyOf(deliveries, size * 2);
    }
    streams[size] = stream;
    deliveries[size++] = stream.delivery();
  }

  void remove(SessionStream stream) {
    int i = indexOf(stream);
    if (i >= 0) {
      streams[i] = streams[--size];
      deliveries[i] = deliveries[size];
      streams[size] = null;
      deliveries[size] = null;
    }
  }

  private int indexOf(SessionStream stream) {
    for (int i = 0; i < size; i++) {
      if (streams[i] == stream) {
        return i;
      }
    }
    return -1;
  }
}
