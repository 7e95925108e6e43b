package io.semnal.server.command;

import io.semnal.core.access.ApiKey;
import io.semnal.core.access.KeyFile;
import io.semnal.core.access.KeyMaker;
import io.semnal.core.access.MasterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The commands that encrypt the secrets of a key file under the operator's master key. */
final class KeysSeal {
  private KeysSeal() {}

  private static MasterKey required() throws IOException {
    MasterKey master = MasterKey.from(System.getenv());
    if (master == null) {
      throw new CommandFailure(
          "there is no master key: set "
              + MasterKey.FILE_VARIABLE
              + ", to a file of 'semnal keys make-master', or "
              + MasterKey.VARIABLE);
    }
    return master;
  }

  private static int seal(CommandSpec spec, Path keysFile, MasterKey from, MasterKey to)
      throws IOException {
    List<ApiKey> keys = new ArrayList<>(KeyFile.open(keysFile, from).keys());
    keys.sort(Comparator.comparing(ApiKey::id));
    KeyMaker.write(keysFile, keys, to);
    spec.commandLine().getOut().printf("the secrets of %s are encrypted%n", keysFile);
    spec.commandLine().getOut().flush();
    return 0;
  }

  /** Encrypts what is in the clear. */
  @Command(
      name = "encrypt",
      mixinStandardHelpOptions = true,
      description =
          "Encrypts the secrets of a server's key file under the master key of the environment.")
  static final class Encrypt implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private ConfigOptions options;

    @Option(
        names = "--keys-file",
        paramLabel = "FILE",
        description = "The server's key file; the configured one by default.")
    private Path named;

    @Override
    public Integer call() throws IOException {
      MasterKey master = required();
      return seal(spec, options.keysFile(named), master, master);
    }
  }

  /** Goes from one master key to another. */
  @Command(
      name = "rotate-master",
      mixinStandardHelpOptions = true,
      description = {
        "Encrypts the secrets of a server's key file under another master key.",
        "The old one is the environment's. A server that runs keeps its keys until it is started"
            + " with the new one."
      })
  static final class RotateMaster implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private ConfigOptions options;

    @Option(
        names = "--new-master-file",
        required = true,
        paramLabel = "FILE",
        description = "The new master key, as 'semnal keys make-master' makes it.")
    private Path file;

    @Option(
        names = "--keys-file",
        paramLabel = "FILE",
        description = "The server's key file; the configured one by default.")
    private Path named;

    @Override
    public Integer call() throws IOException {
      return seal(spec, options.keysFile(named), required(), MasterKey.read(file));
    }
  }

  /** Makes a master key. */
  @Command(
      name = "make-master",
      mixinStandardHelpOptions = true,
      description = "Makes a master key, in a file that only its owner can read.")
  static final class MakeMaster implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
        names = "--out",
        required = true,
        paramLabel = "FILE",
        description = "The file to write; must not exist.")
    private Path out;

    @Override
    public Integer call() throws IOException {
      if (Files.exists(out)) {
        throw new CommandFailure(out + " exists already, and is not written over");
      }
      MasterKey.generate().write(out);
      spec.commandLine().getOut().printf("a new master key is in %s%n", out);
      spec.commandLine().getOut().flush();
      return 0;
    }
  }
}
