package io.semnal.feed.file;

import io.semnal.core.market.Timeframe;
import io.semnal.feed.BadInputException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Bars of one {@link BarFile}: its text, or its bid and ask texts read side by side. */
final class BarFileReader implements AutoCloseable {
  private final BarFile file;
  private final Problems problems;
  private final BarTextFile text;

  /** {@code null} where one text has all. */
  private final BarTextFile askText;

  /** Position of the instrument that was named for the file; -1 = the file says it. */
  private final int instrument;

  private final FileBar ask = new FileBar();
  private boolean ended;

  BarFileReader(BarFile file, BarFileOptions options, Problems problems) throws IOException {
    this.file = file;
    this.problems = problems;
    Symbols symbols = new Symbols(null, options.instruments());
    if (file.symbol() != null) {
      symbols = only(file, options);
    }
    text = open(file.path(), symbols, options);
    try {
      askText = file.ask() == null ? null : open(file.ask(), symbols, options);
    } catch (IOException e) {
      text.close();
      throw e;
    }
    if (options.timeframe() != null) {
      only(options.timeframe());
    }
    instrument = file.symbol() == null ? -1 : position(file, options);
  }

  private static int position(BarFile file, BarFileOptions options) {
    for (int i = 0; i < options.instruments().size(); i++) {
      if (options.instruments().get(i).symbol().equals(file.symbol())) {
        return i;
      }
    }
    throw new IllegalArgumentException(file.symbol() + " is not one of the instruments");
  }

  private static Symbols only(BarFile file, BarFileOptions options) {
    return new Symbols(options.instruments().get(position(file, options)), options.instruments());
  }

  private BarTextFile open(Path path, Symbols symbols, BarFileOptions options) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    try {
      return new BarTextFile(path, symbols, options.zone(), problems);
    } catch (IOException e) {
      throw new BadInputException(path + ": " + reason(e), e);
    }
  }

  void only(Timeframe timeframe) {
    text.only(timeframe);
    if (askText != null) {
      askText.only(timeframe);
    }
  }

  /** See {@link BarTextFile#rowSeconds()}. */
  int rowSeconds() {
    return text.rowSeconds();
  }

  /**
   * Reads the next bar, without its closing time.
   *
   * @throws BadInputException naming the place, unless problems are skipped
   */
  boolean next(FileBar into) throws IOException {
    if (ended) {
      return false;
    }
    try {
      if (text.next(into) && (askText == null || withAsk(into))) {
        if (instrument >= 0) {
          into.instrument = instrument;
        }
        return true;
      }
    } catch (BadInputException e) {
      throw e;
    } catch (IOException e) {
      problems.file(place() + ": " + reason(e), e);
    }
    ended = true;
    return false;
  }

  /** A bar that only one of the two files has cannot be a bar: which price it lacks is said. */
  private boolean withAsk(FileBar into) throws IOException {
    boolean more = askText.next(ask);
    while (more && ask.openTime != into.openTime) {
      boolean behind = ask.openTime < into.openTime;
      problems.line(
          behind
              ? askText.place() + ": has a bar that " + file.path() + " lacks"
              : text.place() + ": has a bar that " + file.ask() + " lacks");
      more = behind ? askText.next(ask) : text.next(into);
    }
    if (more) {
      into.setAsk(ask);
      into.volume += ask.volume;
    }
    return more;
  }

  /** The last bar cannot be used. */
  void reject(String problem) throws IOException {
    problems.line(problems.wantsMessage() ? place() + ": " + problem : null);
  }

  String shown() {
    return text.shown();
  }

  private static String reason(IOException cause) {
    if (cause instanceof EOFException) {
      return "the file is cut off (" + cause.getMessage() + ")";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  String place() {
    return text.place();
  }

  @Override
  public void close() throws IOException {
    try {
      text.close();
    } finally {
      if (askText != null) {
        askText.close();
      }
    }
  }
}
