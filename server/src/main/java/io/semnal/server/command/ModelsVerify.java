package io.semnal.server.command;

import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.SemnalConfig;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.registry.VersionCheck;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Checks a registered version as a server would, and says how each check went. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description =
        "Checks a version: hashes, card, contract with the configured feature set, and its kept"
            + " rows by both scorers. Exit code 1 where a check fails.")
final class ModelsVerify implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(
      paramLabel = "NAME[@V]",
      description = "A version or an alias; without one, the champion.")
  private String reference;

  @Mixin private ConfigOptions options;

  @Override
  public Integer call() {
    SemnalConfig config = options.load();
    ModelRegistry registry =
        new ModelRegistry(
            config.runtime().models().directory(), config.runtime().models().scorer());
    ModelCard card = registry.card(reference);
    Optional<FeatureSetConfig> set =
        Optional.ofNullable(config.engine().featureSet(card.featureSet()));
    byte[] hash = set.map(FeaturePipeline::hash).orElse(new byte[0]);
    VersionCheck check = VersionCheck.of(registry, card, set, hash);
    PrintWriter out = spec.commandLine().getOut();
    for (VersionCheck.Finding finding : check.findings()) {
      out.printf(
          Locale.ROOT,
          "%-12s %-7s %s%n",
          finding.what(),
          finding.isGood() ? "ok" : "FAILED",
          finding.text());
    }
    out.println(card.reference() + (check.isGood() ? " is good" : " is not good"));
    out.flush();
    return check.isGood() ? 0 : 1;
  }
}
