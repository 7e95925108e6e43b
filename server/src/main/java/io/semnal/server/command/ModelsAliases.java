package io.semnal.server.command;

import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves what names point at: promote, roll back, delete. */
final class ModelsAliases {
  private ModelsAliases() {}

  private static ModelRegistry own(ConfigOptions options) throws IOException {
    return new ModelRegistry(options.ownModels(), options.load().runtime().models().scorer());
  }

  /** Makes a version the champion. */
  @Command(
      name = "promote",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Loads and verifies a version, and makes it the champion of its name.",
        "A server takes up the champion when it starts; --server tells one that runs."
      })
  static final class Promote implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "NAME@V", description = "A version or an alias.")
    private String reference;

    @Mixin private ServerOptions server;
    @Mixin private ConfigOptions options;

    @Override
    public Integer call() throws IOException {
      if (!reference.contains("@")) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), "'" + reference + "' names no version: say NAME@V");
      }
      ModelRegistry registry = own(options);
      registry.load(reference).close();
      ModelCard card = registry.card(reference);
      server.promote(registry, card.name(), card.version());
      return 0;
    }
  }

  /** Makes the previous champion the champion again. */
  @Command(
      name = "rollback",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Makes the version champion that was it before; doing it again goes further back."
      })
  static final class Rollback implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "The model's name.")
    private String name;

    @Mixin private ServerOptions server;
    @Mixin private ConfigOptions options;

    @Override
    public Integer call() throws IOException {
      server.rollback(own(options), name);
      return 0;
    }
  }

  /** Removes a version. */
  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Removes a version that no alias points at; its number is not given again.",
        "Journals replay all the same: each keeps a copy of the models it ran with."
      })
  static final class Delete implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "NAME@V", description = "The version.")
    private String reference;

    @Option(names = "--yes", required = true, description = "Needed: it does not come back.")
    private boolean yes;

    @Mixin private ConfigOptions options;

    @Override
    public Integer call() throws IOException {
      int at = reference.indexOf('@');
      String version = reference.substring(at + 1);
      if (at < 1 || !version.matches("[1-9][0-9]{0,8}")) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), "'" + reference + "' is not NAME@V with V a number");
      }
      own(options).delete(reference.substring(0, at), Integer.parseInt(version));
      PrintWriter out = spec.commandLine().getOut();
      out.println(reference + " is deleted");
      out.flush();
      return 0;
    }
  }
}
