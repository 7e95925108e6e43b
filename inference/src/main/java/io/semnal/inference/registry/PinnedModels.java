package io.semnal.inference.registry;

import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.engine.ModelPin;
import io.semnal.protocol.sbe.ScorerKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every activated model beside a journal, which therefore replays without the registry.
 *
 * <pre>
 * models/SHA256/model.onnx        SHA256 of this file, in hex
 * models/SHA256/NAME@VERSION.json the card of each version that has these bytes
 * </pre>
 */
public final class PinnedModels implements ModelSource {
  private static final Pattern REFERENCE =
      Pattern.compile("[a-z0-9][a-z0-9-]{0,31}@[1-9][0-9]{0,8}");
  private static final String CARD_SUFFIX = ".json";

  private static final Logger LOG = LoggerFactory.getLogger(PinnedModels.class);

  private final Path directory;
  private final ScorerChoice choice;

  /**
   * @param journal the journal's directory
   * @param choice by what models are scored that no run's header names
   */
  public PinnedModels(Path journal, ScorerChoice choice) {
    this.choice = choice;
    directory = journal.resolve("models");
  }

  /**
   * Keeps a copy of a model that the registry gave; does nothing where it is kept already.
   *
   * @throws ModelRefusedException where the registry no longer holds those bytes
   */
  public void pin(LoadedModel model, ModelRegistry registry) {
    String reference = reference(model.card());
    ModelFiles files = registry.read(reference);
    if (!Arrays.equals(files.sha256(), model.sha256())) {
      throw new ModelRefusedException(
          "model "
              + reference
              + " was loaded with SHA-256 "
              + ModelFiles.hex(model.sha256())
              + ", the registry now holds "
              + ModelFiles.hex(files.sha256()));
    }
    pin(files.onnx(), files.card());
  }

  /** Keeps a copy of a model. */
  public void pin(byte[] onnx, ModelCard card) {
    ModelContract.checkCard(card);
    Path folder = folder(ModelFiles.sha256(onnx));
    try {
      if (!Files.isDirectory(folder)) {
        storeModel(folder, onnx);
      }
      Path file = folder.resolve(reference(card) + CARD_SUFFIX);
      byte[] json = CardJson.write(card);
      if (!Files.isRegularFile(file)) {
        DurableFiles.replace(file, json);
      } else if (!Arrays.equals(Files.readAllBytes(file), json)) {
        throw new ModelRefusedException(
            file
                + " was kept with another card for the same model; earlier runs replay with it, so"
                + " register the changed card as a new version");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep model " + reference(card) + " in " + folder, e);
    }
  }

  private void storeModel(Path folder, byte[] onnx) throws IOException {
    Path staged = DurableFiles.stage(directory);
    try {
      DurableFiles.write(staged.resolve(ModelFiles.ONNX), onnx);
      DurableFiles.publish(staged, folder);
    } catch (FileAlreadyExistsException e) {
      // Another process kept the same bytes in between: its copy is as good.
      LOG.debug("{} was kept at the same time by another process", folder);
    } finally {
      DurableFiles.removeStaged(staged);
    }
  }

  /**
   * The model that a run's header names.
   *
   * @throws ModelRefusedException where it is not kept, its bytes have another hash, or the run
   *     used a scorer that this build lacks
   */
  public LoadedModel load(ModelPin pin) {
    String reference = pin.name() + "@" + pin.version();
    return ModelVerifier.load(files(pin.sha256(), reference), pin.scorer());
  }

  /**
   * A model by the hash of its ONNX file.
   *
   * @throws ModelRefusedException where it is not kept, or several versions have these bytes
   */
  public LoadedModel loadByHash(byte[] sha256) {
    List<String> references = references(folder(sha256));
    if (references.size() > 1) {
      throw new ModelRefusedException(
          "the model with SHA-256 "
              + ModelFiles.hex(sha256)
              + " is kept under several names: "
              + String.join(", ", references));
    }
    String reference = references.isEmpty() ? "" : references.getFirst();
    return ModelVerifier.load(files(sha256, reference), choice);
  }

  /**
   * {@inheritDoc}
   *
   * @param reference {@code name@version}: aliases move, so none are kept
   */
  @Override
  public LoadedModel load(String reference) {
    if (!REFERENCE.matcher(reference).matches()) {
      throw new ModelRefusedException(
          "'" + reference + "' is not name@version, which models beside a journal go by");
    }
    List<byte[]> hashes =
        hashes().stream().filter(hash -> references(folder(hash)).contains(reference)).toList();
    if (hashes.size() != 1) {
      throw new ModelRefusedException(
          hashes.isEmpty()
              ? "model " + reference + " is not kept in " + directory
              : "model "
                  + reference
                  + " is kept with several hashes in "
                  + directory
                  + ": name the hash");
    }
    return ModelVerifier.load(files(hashes.getFirst(), reference), choice);
  }

  /** What is kept, by hash, then name; which scorer it had is known to the runs' headers alone. */
  public List<ModelPin> list() {
    List<ModelPin> pins = new ArrayList<>();
    for (byte[] hash : hashes()) {
      for (String reference : references(folder(hash))) {
        int at = reference.indexOf('@');
        pins.add(
            new ModelPin(
                reference.substring(0, at),
                Integer.parseInt(reference.substring(at + 1)),
                hash,
                ScorerKind.NULL_VAL));
      }
    }
    return pins;
  }

  private ModelFiles files(byte[] sha256, String reference) {
    Path folder = folder(sha256);
    Path card = folder.resolve(reference + CARD_SUFFIX);
    String hex = ModelFiles.hex(sha256);
    if (!Files.isRegularFile(card)) {
      throw new ModelRefusedException(
          "model " + reference + " with SHA-256 " + hex + " is not kept in " + directory);
    }
    try {
      ModelFiles files =
          new ModelFiles(
              Files.readAllBytes(folder.resolve(ModelFiles.ONNX)),
              CardJson.read(Files.readAllBytes(card)));
      if (!Arrays.equals(files.sha256(), sha256)) {
        throw new ModelRefusedException(
            folder.resolve(ModelFiles.ONNX)
                + " has SHA-256 "
                + ModelFiles.hex(files.sha256())
                + ", its folder's name says otherwise: the file has changed");
      }
      if (!reference(files.card()).equals(reference)) {
        throw new ModelRefusedException(card + " is the card of " + reference(files.card()));
      }
      return files;
    } catch (IOException e) {
      throw new ModelRefusedException("cannot read model " + reference + " in " + folder, e);
    }
  }

  private Path folder(byte[] sha256) {
    return directory.resolve(ModelFiles.hex(sha256));
  }

  private List<byte[]> hashes() {
    List<byte[]> hashes = new ArrayList<>();
    for (String name : DurableFiles.names(directory)) {
      if (name.matches("[0-9a-f]{64}")) {
        hashes.add(HexFormat.of().parseHex(name));
      }
    }
    return hashes;
  }

  private static List<String> references(Path folder) {
    return DurableFiles.names(folder).stream()
        .filter(name -> name.endsWith(CARD_SUFFIX))
        .map(name -> name.substring(0, name.length() - CARD_SUFFIX.length()))
        .filter(name -> REFERENCE.matcher(name).matches())
        .toList();
  }

  private static String reference(ModelCard card) {
    return card.name() + "@" + card.version();
  }
}
