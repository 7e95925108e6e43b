package io.semnal.gateway;

import java.util.Arrays;

/**
 * An unordered list of sessions that is walked on the hot path. Walk it from the end: an element
 * may be removed while it is at hand. Loop thread.
 */
final class SessionList {
  private ClientSession[] sessions = new ClientSession[16];
  private int size;

  int size() {
    return size;
  }

  ClientSession get(int i) {
    return sessions[i];
  }

  void add(ClientSession session) {
    if (size == sessions.length) {
      sessions = Arrays.copyOf(sessions, size * 2);
    }
    sessions[size++] = session;
  }

  void addIfAbsent(ClientSession session) {
    if (indexOf(session) < 0) {
      add(session);
    }
  }

  void removeAt(int i) {
    sessions[i] = sessions[--size];
    sessions[size] = null;
  }

  void remove(ClientSession session) {
    int i = indexOf(session);
    if (i >= 0) {
      removeAt(i);
    }
  }

  private int indexOf(ClientSession session) {
    for (int i = 0; i < size; i++) {
      if (sessions[i] == session) {
        return i;
      }
    }
    return -1;
  }
}
