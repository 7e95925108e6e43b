package io.semnal.server.command;

import io.semnal.fix.codec.FixVersion;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.ResumeToken;
import io.semnal.server.fix.FixLine;
import io.semnal.server.fix.FixListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A FIX client on the console. */
@Command(
    name = "fix-listen",
    mixinStandardHelpOptions = true,
    description = {
      "Logs on to a server's FIX port and prints its IOIs and News, a line a message.",
      "At the end it prints the token to resume after.",
      "",
      "For example: semnal fix-listen --to 127.0.0.1:7106 --key-file data/client.key"
    })
public final class FixListenCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "HOST:PORT",
      description = "The server's gateway.fixPort.")
  private String to;

  @Option(
      names = "--key-file",
      required = true,
      paramLabel = "FILE",
      description = "The client's key, as 'semnal keys create' writes it.")
  private Path keyFile;

  @Option(names = "--tls", description = "Connects inside TLS.")
  private boolean tls;

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      description = "TLS: trusts these certificates (PEM); by default those that Java trusts.")
  private Path trust;

  @Option(
      names = "--fix",
      paramLabel = "VERSION",
      defaultValue = "FIX.4.4",
      description = "FIX.4.2, FIX.4.3, FIX.4.4 or FIXT.1.1; ${DEFAULT-VALUE} by default.")
  private String version;

  @Option(
      names = "--sender",
      paramLabel = "COMPID",
      description = "SenderCompID: the key's id, by default, or one that begins with it and a dot.")
  private String sender;

  @Option(
      names = "--target",
      paramLabel = "COMPID",
      defaultValue = "SEMNAL",
      description = "The server's gateway.fix.compId; ${DEFAULT-VALUE} by default.")
  private String target;

  @Option(
      names = "--from",
      paramLabel = "TOKEN",
      description = "Resumes after this token, EPOCH:OUTSEQ.")
  private String from;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Ends after so many messages; by default never.")
  private long count = Long.MAX_VALUE;

  @Option(names = "--raw", description = "Prints the messages as they came, with | for SOH.")
  private boolean raw;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    FixLine lines = new FixLine(raw);
    FixListener listener;
    try {
      ClientKey key = ClientKey.read(keyFile);
      ResumeToken token = from == null ? null : ResumeToken.parse(from);
      listener =
          new FixListener(
              new FixListener.Options(
                  key, version(), sender == null ? key.id() : sender, target, token, count),
              message -> {
                out.println(lines.of(message));
                out.flush();
                return !out.checkError();
              });
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
    }
    try {
      String refusal = listener.run(to, tls || trust != null, trust);
      if (refusal != null) {
        throw new CommandFailure(refusal);
      }
    } catch (IOException e) {
      throw new CommandFailure(e.getMessage(), e);
    } finally {
      if (listener.token() != null) {
        err.println("resume with --from " + listener.token());
        err.flush();
      }
    }
    return 0;
  }

  private FixVersion version() {
    for (FixVersion known : FixVersion.values()) {
      if (known.beginString().equals(version)) {
        return known;
      }
    }
    throw new IllegalArgumentException(
        "'"
            + version
            + "' is not one of "
            + String.join(
                ", ", Arrays.stream(FixVersion.values()).map(FixVersion::beginString).toList()));
  }
}
