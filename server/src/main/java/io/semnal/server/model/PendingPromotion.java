package io.semnal.server.model;

import io.semnal.core.config.ConfigException;
import io.semnal.core.engine.ModelPin;
import io.semnal.inference.registry.ModelRefusedException;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.protocol.sbe.ScorerKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A promotion between the activation in the journal and the alias in the registry, written down
 * beside the journal: a start after a kill in between finishes what the journal has, and forgets
 * what it has not.
 *
 * @param model that becomes the champion
 * @param before version of the champion until now; 0 = there was none
 */
record PendingPromotion(ModelPin model, int before) {
  private static final Logger LOG = LoggerFactory.getLogger(PendingPromotion.class);
  private static final String FILE = "promotion";
  private static final int FIELDS = 5;

  void write(Path journal) throws IOException {
    Path file = journal.resolve(FILE);
    Path part = journal.resolve(FILE + ".part");
    String text =
        String.join(
            "\t",
            model.name(),
            Integer.toString(model.version()),
            HexFormat.of().formatHex(model.sha256()),
            model.scorer().name(),
            Integer.toString(before));
    Files.writeString(part, text + "\n", StandardCharsets.UTF_8);
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static void forget(Path journal) throws IOException {
    Files.deleteIfExists(journal.resolve(FILE));
  }

  /**
   * Settles what a killed process left behind. Before the models of a run are chosen.
   *
   * @param journaled the models that the journal's last run scores with, of those references that
   *     take a new champion; asked for where there is something to settle
   */
  static void settle(Path journal, Supplier<List<ModelPin>> journaled, ModelRegistry registry) {
    try {
      PendingPromotion pending = read(journal);
      if (pending == null) {
        return;
      }
      ModelPin model = pending.model;
      boolean activated = journaled.get().stream().anyMatch(pin -> same(pin, model));
      int champion = registry.version(model.name(), ModelRegistry.CHAMPION).orElse(0);
      if (activated && champion == pending.before) {
        registry.setAlias(model.name(), ModelRegistry.CHAMPION, model.version());
        LOG.info(
            "model {}@{} scored when the last process ended: it is the champion now",
            model.name(),
            model.version());
      }
      forget(journal);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot settle " + journal.resolve(FILE), e);
    } catch (ModelRefusedException | ConfigException e) {
      throw new ModelRefusedException(
          journal.resolve(FILE) + " cannot be settled: " + e.getMessage(), e);
    }
  }

  private static boolean same(ModelPin a, ModelPin b) {
    return a.name().equals(b.name())
        && a.version() == b.version()
        && a.scorer() == b.scorer()
        && Arrays.equals(a.sha256(), b.sha256());
  }

  private static PendingPromotion read(Path journal) throws IOException {
    Path file = journal.resolve(FILE);
    if (!Files.exists(file)) {
      return null;
    }
    String[] fields = Files.readString(file, StandardCharsets.UTF_8).strip().split("\t");
    if (fields.length != FIELDS) {
      throw new IOException(file + " holds no promotion");
    }
    try {
      return new PendingPromotion(
          new ModelPin(
              fields[0],
              Integer.parseInt(fields[1]),
              HexFormat.of().parseHex(fields[2]),
              ScorerKind.valueOf(fields[3])),
          Integer.parseInt(fields[4]));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " holds no promotion: " + e.getMessage(), e);
    }
  }
}
