package io.semnal.fix.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plays one of QuickFIX's server acceptance definitions against an address: {@code iCONNECT},
 * {@code I…} send, {@code E…} expect, {@code eDISCONNECT} and {@code iDISCONNECT}, each for one of
 * several connections ({@code I2,…}). What is sent gets its length, checksum and times filled in;
 * what is expected is compared field by field, times and checksums by their form.
 */
final class DefinitionRunner {
  private static final char SOH = 1;
  private static final int PATIENCE_MILLIS = 60_000;
  private static final Pattern LINE = Pattern.compile("([IEie])(?:(\\d),)?(.*)", Pattern.DOTALL);
  private static final Pattern TIME = Pattern.compile("<TIME([+-]\\d+)?>");
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final Map<String, Pattern> FORMS =
      Map.of(
          "10", Pattern.compile("\\d{3}"),
          "42", Pattern.compile("\\d{8}-\\d{2}:\\d{2}:\\d{2}"),
          "52", Pattern.compile("\\d{8}-\\d{2}:\\d{2}:\\d{2}([.]\\d{3})?"),
          "60", Pattern.compile("\\d{8}-\\d{2}:\\d{2}:\\d{2}"),
          "122", Pattern.compile("\\d{8}-\\d{2}:\\d{2}:\\d{2}([.]\\d{3})?"));

  private final InetSocketAddress address;
  private final Map<Integer, Socket> sockets = new HashMap<>();

  DefinitionRunner(InetSocketAddress address) {
    this.address = address;
  }

  /** Throws an AssertionError that names the line at which the other side did something else. */
  void run(Path definition) throws IOException {
    int number = 0;
    try {
      for (String line : Files.readString(definition, StandardCharsets.ISO_8859_1).split("\r?\n")) {
        number++;
        Matcher m = LINE.matcher(line);
        if (m.matches()) {
          int id = m.group(2) == null ? 1 : Integer.parseInt(m.group(2));
          act(m.group(1).charAt(0), id, m.group(3));
        }
      }
    } catch (IOException | AssertionError e) {
      throw new AssertionError(definition.getFileName() + ":" + number + ": " + e.getMessage(), e);
    } finally {
      for (Socket socket : sockets.values()) {
        socket.close();
      }
    }
  }

  private void act(char action, int id, String text) throws IOException {
    switch (action) {
      case 'i' -> {
        if (text.equals("CONNECT")) {
          Socket socket = new Socket();
          socket.connect(address);
          socket.setSoTimeout(PATIENCE_MILLIS);
          sockets.put(id, socket);
        } else {
          sockets.remove(id).close();
        }
      }
      case 'e' -> {
        int c = sockets.get(id).getInputStream().read();
        if (c >= 0) {
          throw new AssertionError("data came where the connection should end");
        }
      }
      case 'I' ->
          sockets
              .get(id)
              .getOutputStream()
              .write(complete(times(text)).getBytes(StandardCharsets.ISO_8859_1));
      default -> compare(complete(times(text)), read(sockets.get(id).getInputStream()));
    }
  }

  private static String times(String text) {
    return TIME.matcher(text)
        .replaceAll(
            m ->
                TIMESTAMP.format(
                    Instant.now()
                        .plusSeconds(m.group(1) == null ? 0 : Integer.parseInt(m.group(1)))));
  }

  /** Adds length and checksum where the definition leaves them out. */
  private static String complete(String text) {
    if (!text.startsWith("8=")) {
      return text;
    }
    int headEnd = text.indexOf(SOH) + 1;
    String head = text.substring(0, headEnd);
    String rest = text.substring(headEnd);
    String trailer = "";
    int checksum = rest.lastIndexOf(SOH + "10=");
    if (checksum >= 0) {
      trailer = rest.substring(checksum + 1);
      rest = rest.substring(0, checksum + 1);
    }
    String length = rest.contains(SOH + "9=") || rest.startsWith("9=") ? "" : "9=" + rest.length();
    String whole = head + (length.isEmpty() ? "" : length + SOH) + rest;
    if (trailer.isEmpty()) {
      int sum = whole.chars().sum() & 0xff;
      trailer = String.format("10=%03d%c", sum, SOH);
    }
    return whole + trailer;
  }

  /** One message, to the end of its checksum. */
  private static String read(InputStream in) throws IOException {
    StringBuilder message = new StringBuilder();
    while (true) {
      int c = in.read();
      if (c < 0) {
        throw new AssertionError("the connection ended after '" + readable(message) + "'");
      }
      message.append((char) c);
      int last = message.lastIndexOf(SOH + "10=");
      if (c == SOH && last >= 0 && message.length() > last + 4) {
        return message.toString();
      }
    }
  }

  private static void compare(String expected, String actual) {
    String[] left = expected.split(String.valueOf(SOH));
    String[] right = actual.split(String.valueOf(SOH));
    boolean same = left.length == right.length;
    for (int i = 0; same && i < left.length; i++) {
      same = sameField(left[i], right[i]);
    }
    if (!same) {
      throw new AssertionError(
          "\nexpected " + readable(expected) + "\nbut got  " + readable(actual));
    }
  }

  private static boolean sameField(String expected, String actual) {
    String[] left = expected.split("=", 2);
    String[] right = actual.split("=", 2);
    Pattern form = FORMS.get(left[0]);
    return left[0].equals(right[0])
        && (form == null ? left[1].equals(right[1]) : form.matcher(right[1]).matches());
  }

  private static String readable(CharSequence text) {
    return text.toString().replace(SOH, '|');
  }
}
