package io.semnal.core.config;

import io.semnal.protocol.Channel;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Reads the section {@code aeron}, and refuses what anybody beyond this machine could read. */
final class AeronConfigReader {
  private static final String IPC = "aeron:ipc";
  private static final String UDP = "aeron:udp?";

  /** Parameters of a URI that name an address. */
  private static final Set<String> ADDRESSES = Set.of("endpoint", "control", "interface");

  /** Channels whose messages stand in the outbound stream. */
  private static final List<Channel> IN_STREAM =
      List.of(Channel.SIGNALS, Channel.SCORES, Channel.BARS, Channel.STATUS);

  private AeronConfigReader() {}

  static AeronConfig read(Section s) {
    String directory = s.text("directory");
    AeronConfig config =
        new AeronConfig(
            directory.isEmpty() ? null : Path.of(directory),
            s.powerOfTwo("termLength", 1 << 20, 1 << 30),
            s.duration("maxSleep"),
            publish(s.section("publish")),
            feed(s.section("feed")));
    if (config.maxSleep().compareTo(Duration.ofNanos(1_000)) < 0
        || config.maxSleep().compareTo(Duration.ofMillis(100)) > 0) {
      s.problem("maxSleep", null, "must be 1us to 100ms");
    }
    if (config.publish().enabled()
        && config.feed().enabled()
        && config.publish().channel().equals(config.feed().channel())
        && config.publish().stream() == config.feed().stream()) {
      s.problem("feed", null, "has channel and stream of publish: the server would hear itself");
    }
    s.done();
    return config;
  }

  private static AeronConfig.Publish publish(Section s) {
    AeronConfig.Publish publish =
        new AeronConfig.Publish(
            s.flag("enabled"),
            s.text("channel"),
            s.integer("stream", 1, Integer.MAX_VALUE),
            channels(s),
            s.duration("heartbeat"));
    if (publish.heartbeat().compareTo(Duration.ofMillis(10)) < 0) {
      s.problem("heartbeat", null, "must be at least 10ms");
    }
    checkChannel(s, publish.enabled(), publish.channel());
    s.done();
    return publish;
  }

  private static int channels(Section s) {
    List<String> names = s.textsOrAll("channels");
    int bits = 0;
    for (Channel channel : IN_STREAM) {
      bits |= names == null || names.contains(channel.wireName()) ? channel.bit() : 0;
    }
    List<String> known = IN_STREAM.stream().map(Channel::wireName).toList();
    if (bits == 0 || names != null && !known.containsAll(names)) {
      s.problem("channels", null, "must be all, or a list of " + known);
    }
    return bits;
  }

  private static AeronConfig.Feed feed(Section s) {
    AeronConfig.Feed feed =
        new AeronConfig.Feed(
            s.flag("enabled"),
            s.text("channel"),
            s.integer("stream", 1, Integer.MAX_VALUE),
            s.text("source"));
    if (feed.enabled() && !feed.source().matches("[\\x21-\\x7E]{1,32}")) {
      s.problem("source", null, "must be a name of 1 to 32 printable characters without spaces");
    }
    checkChannel(s, feed.enabled(), feed.channel());
    s.done();
    return feed;
  }

  /** Aeron neither encrypts nor authenticates: beyond this machine only by the operator's word. */
  private static void checkChannel(Section s, boolean enabled, String channel) {
    boolean insecure = s.flag("insecure");
    if (!enabled || channel.equals(IPC) || channel.startsWith(IPC + "?")) {
      return;
    }
    if (!channel.startsWith(UDP)) {
      s.problem("channel", null, "must be aeron:ipc or aeron:udp?endpoint=HOST:PORT");
      return;
    }
    List<String[]> addresses =
        Arrays.stream(channel.substring(UDP.length()).split("\\|"))
            .map(parameter -> parameter.split("=", 2))
            .filter(pair -> pair.length == 2 && ADDRESSES.contains(pair[0]))
            .toList();
    if (addresses.stream().allMatch(pair -> pair[0].equals("interface"))) {
      s.problem("channel", null, "names neither endpoint= nor control=");
    }
    if (!insecure) {
      addresses.forEach(pair -> checkLoopback(s, pair[1]));
    }
  }

  private static void checkLoopback(Section s, String address) {
    String host = host(address);
    try {
      if (!InetAddress.getByName(host).isLoopbackAddress()) {
        s.problem(
            "channel",
            null,
            host
                + " is not a loopback address: Aeron neither encrypts nor authenticates, this needs"
                + " insecure = true");
      }
    } catch (UnknownHostException e) {
      s.problem("channel", null, "'" + host + "' is not an address");
    }
  }

  /** Without port and prefix length. */
  private static String host(String address) {
    if (address.startsWith("[") && address.contains("]")) {
      return address.substring(1, address.indexOf(']'));
    }
    return address.replaceFirst("/\\d+$", "").replaceFirst(":\\d+$", "");
  }
}
