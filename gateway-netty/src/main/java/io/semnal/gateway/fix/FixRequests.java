package io.semnal.gateway.fix;

import io.semnal.fix.codec.FixGroup;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.Tag;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.SubscribeEncoder;
import io.semnal.protocol.sbe.UnsubscribeEncoder;
import io.semnal.protocol.session.ResumeToken;
import java.util.ArrayList;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;

/** Turns what a FIX client asks for into requests of the session protocol. Loop thread. */
public final class FixRequests {
  /** The id of a request that nobody but the server made; its answer is not told. */
  public static final long INTERNAL = -1;

  /** What FIX tells of: signals and status. */
  public static final int CHANNELS = Channel.SIGNALS.bit() | Channel.STATUS.bit();

  private static final int MOST_NAMES = 1_000;

  /**
   * One request for the stream.
   *
   * @param token {@code null}: from now on
   * @param symbols without slashes; empty: all
   */
  public record Request(
      long id,
      ResumeToken token,
      boolean snapshot,
      List<String> symbols,
      List<Integer> timeframes,
      List<String> strategies) {
    /** All that the key may read. */
    public static Request all(ResumeToken token) {
      return new Request(0, token, false, List.of(), List.of(), List.of());
    }
  }

  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final SubscribeEncoder subscribe = new SubscribeEncoder();
  private final UnsubscribeEncoder unsubscribe = new UnsubscribeEncoder();
  private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(512);

  /** Where the encoded request is, from 0 on. */
  public ExpandableArrayBuffer buffer() {
    return buffer;
  }

  /**
   * Reads a SignalRequest (35=U1).
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static Request read(FixMessage message) {
    long id = message.has(UserTag.REQUEST_ID) ? message.integer(UserTag.REQUEST_ID) : 0;
    if (id < 0) {
      throw new IllegalArgumentException("RequestID (20030) is not a number from 0 on");
    }
    return new Request(
        id,
        token(message),
        message.isYes(UserTag.SNAPSHOT),
        symbols(message),
        timeframes(message),
        words(message, UserTag.STRATEGIES));
  }

  /** The token of a request or a Logon; {@code null}: there is none. */
  public static ResumeToken token(FixMessage message) {
    String text = message.text(UserTag.RESUME_TOKEN);
    if (text == null) {
      return null;
    }
    try {
      return ResumeToken.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("ResumeToken (20000) is not EPOCH:OUTSEQ", e);
    }
  }

  private static List<String> symbols(FixMessage message) {
    List<String> found = new ArrayList<>();
    if (message.has(Tag.NO_RELATED_SYM)) {
      FixGroup group = new FixGroup();
      group.open(message, Tag.NO_RELATED_SYM);
      while (group.next() && found.size() < MOST_NAMES) {
        String symbol = group.text(Tag.SYMBOL);
        if (symbol == null) {
          throw new IllegalArgumentException("an entry of NoRelatedSym (146) has no Symbol (55)");
        }
        found.add(fit(symbol.replace("/", ""), SubscribeEncoder.InstrumentsEncoder.symbolLength()));
      }
    }
    return found;
  }

  private static List<Integer> timeframes(FixMessage message) {
    List<Integer> seconds = new ArrayList<>();
    for (String word : words(message, UserTag.TIMEFRAMES)) {
      if (!word.matches("[0-9]{1,9}")) {
        throw new IllegalArgumentException("Timeframes (20035) are seconds with spaces between");
      }
      seconds.add(Integer.parseInt(word));
    }
    return seconds;
  }

  private static List<String> words(FixMessage message, int tag) {
    String text = message.text(tag);
    List<String> words = text == null || text.isBlank() ? List.of() : List.of(text.split(" +"));
    if (words.size() > MOST_NAMES) {
      throw new IllegalArgumentException("more than " + MOST_NAMES + " names in tag " + tag);
    }
    int most = SubscribeEncoder.StrategiesEncoder.nameLength();
    words.forEach(word -> fit(word, most));
    return words;
  }

  private static String fit(String name, int most) {
    if (name.length() > most) {
      throw new IllegalArgumentException("a name is longer than " + most + " characters");
    }
    return name;
  }

  /** Encodes an end of all subscriptions; its length. */
  public int unsubscribeAll() {
    unsubscribe.wrapAndApplyHeader(buffer, 0, header).requestId(INTERNAL);
    unsubscribe.channels().clear().signals(true).status(true);
    return MessageLayout.HEADER + UnsubscribeEncoder.BLOCK_LENGTH;
  }

  /**
   * Encodes a subscription; its length.
   *
   * @param channels bits
   */
  public int subscribe(Request request, int channels) {
    boolean resume = request.token() != null;
    subscribe
        .wrapAndApplyHeader(buffer, 0, header)
        .requestId(request.id())
        .resume(resume ? BooleanType.T : BooleanType.F)
        .epoch(resume ? request.token().epoch() : 0)
        .fromOutSeq(resume ? request.token().outSeq() : 0)
        .snapshot(request.snapshot() ? BooleanType.T : BooleanType.F)
        .features(BooleanType.F);
    subscribe
        .channels()
        .clear()
        .signals((channels & Channel.SIGNALS.bit()) != 0)
        .status((channels & Channel.STATUS.bit()) != 0);
    SubscribeEncoder.InstrumentsEncoder symbols =
        subscribe.instrumentsCount(request.symbols().size());
    request.symbols().forEach(symbol -> symbols.next().symbol(symbol));
    SubscribeEncoder.TimeframesEncoder timeframes =
        subscribe.timeframesCount(request.timeframes().size());
    request.timeframes().forEach(seconds -> timeframes.next().seconds(seconds));
    SubscribeEncoder.StrategiesEncoder strategies =
        subscribe.strategiesCount(request.strategies().size());
    request.strategies().forEach(name -> strategies.next().name(name));
    return MessageLayout.HEADER + subscribe.encodedLength();
  }
}
