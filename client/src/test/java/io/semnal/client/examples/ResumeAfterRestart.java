package io.semnal.client.examples;

import io.semnal.client.ClientOptions;
import io.semnal.client.MessageStream;
import io.semnal.client.Published;
import io.semnal.client.Subscription;
import io.semnal.protocol.Channel;
import io.semnal.protocol.session.ResumeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Predicate;

/** Acts on each signal once, however often this program is stopped and started again. */
public final class ResumeAfterRestart {
  private final Path tokenFile;

  public ResumeAfterRestart(Path tokenFile) {
    this.tokenFile = tokenFile;
  }

  /**
   * Goes on where the last run of this program ended.
   *
   * @param act returns whether to go on
   */
  public void run(ClientOptions options, Predicate<Published> act) throws IOException {
    Subscription wanted = Subscription.to(Channel.SIGNALS);
    if (Files.exists(tokenFile)) {
      wanted = wanted.resumingAfter(ResumeToken.parse(Files.readString(tokenFile)));
    }
    try (MessageStream stream = MessageStream.open(options, wanted)) {
      for (Published message : stream.messages()) {
        boolean goOn = act.test(message);
        keep(stream.token());
        if (!goOn) {
          return;
        }
      }
    }
  }

  /** Written beside and moved: a crash leaves the old token or the new one. */
  private void keep(ResumeToken token) throws IOException {
    Path next = tokenFile.resolveSibling(tokenFile.getFileName() + ".next");
    Files.writeString(next, token.toString());
    Files.move(
        next, tokenFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
