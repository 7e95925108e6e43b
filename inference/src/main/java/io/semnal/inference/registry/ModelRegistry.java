package io.semnal.inference.registry;

import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A folder of model versions.
 *
 * <pre>
 * NAME/VERSION/model.onnx
 * NAME/VERSION/card.json
 * NAME/VERSION/SHA256SUMS     of both, as sha256sum writes and checks it
 * NAME/aliases/ALIAS          the version's number in decimal: champion, challenger, others
 * </pre>
 *
 * <p>Versions count from 1 and never change once they have their name; an alias moves. Both are
 * written aside, synced and renamed, so that several processes may use one registry.
 */
public final class ModelRegistry implements ModelSource {
  public static final String CHAMPION = "champion";
  public static final String CHALLENGER = "challenger";

  private static final Pattern REFERENCE =
      Pattern.compile(
          "([a-z0-9][a-z0-9-]{0,31})(?:@(?:([1-9][0-9]{0,8})|([a-z][a-z0-9-]{0,31})))?");
  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");
  private static final Pattern ALIAS = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final String ALIASES = "aliases";

  private final Path directory;
  private final ScorerChoice choice;

  /**
   * @param directory made at the first registration
   * @param choice by what models are scored
   */
  public ModelRegistry(Path directory, ScorerChoice choice) {
    this.directory = directory;
    this.choice = choice;
  }

  /**
   * Checks a model as {@link #load} does and stores it.
   *
   * @param card its version is not looked at: the registry gives the next one
   * @return the version
   * @throws ModelRefusedException where it would not load
   */
  public int register(byte[] onnx, ModelCard card) {
    try {
      ModelContract.requireName(card.name());
      Path models = directory.resolve(card.name());
      ModelVerifier.load(new ModelFiles(onnx, asStored(card)), choice).close();
      while (true) {
        int version = versions(card.name()).stream().mapToInt(v -> v).max().orElse(0) + 1;
        if (store(models, onnx, withVersion(card, version))) {
          return version;
        }
      }
    } catch (ModelRefusedException e) {
      throw new ModelRefusedException("model " + card.name() + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to the registry " + directory, e);
    }
  }

  /** The card as a later load will read it: what cannot be read is refused before it is stored. */
  private static ModelCard asStored(ModelCard card) {
    return CardJson.read(CardJson.write(withVersion(card, 1)));
  }

  /** Registers a file. */
  public int register(Path onnx, ModelCard card) {
    try {
      return register(Files.readAllBytes(onnx), card);
    } catch (IOException e) {
      throw new ModelRefusedException("cannot read " + onnx + ": " + e, e);
    }
  }

  /** Whether the version was free. */
  private static boolean store(Path models, byte[] onnx, ModelCard card) throws IOException {
    Path staged = DurableFiles.stage(models);
    try {
      byte[] json = CardJson.write(card);
      String sums =
          ModelFiles.hex(ModelFiles.sha256(json))
              + "  card.json\n"
              + ModelFiles.hex(ModelFiles.sha256(onnx))
              + "  model.onnx\n";
      DurableFiles.write(staged.resolve(ModelFiles.ONNX), onnx);
      DurableFiles.write(staged.resolve(ModelFiles.CARD), json);
      DurableFiles.write(staged.resolve(ModelFiles.SUMS), sums.getBytes(StandardCharsets.US_ASCII));
      DurableFiles.publish(staged, models.resolve(Integer.toString(card.version())));
      return true;
    } catch (FileAlreadyExistsException e) {
      // Another process took the number in between.
      return false;
    } finally {
      DurableFiles.removeStaged(staged);
    }
  }

  /**
   * Points an alias at a version.
   *
   * @throws ModelRefusedException where there is no such version
   */
  public void setAlias(String name, String alias, int version) {
    ModelContract.requireName(name);
    if (!ALIAS.matcher(alias).matches()) {
      throw new ModelRefusedException("an alias is '" + alias + "', must match " + ALIAS.pattern());
    }
    if (!versions(name).contains(version)) {
      throw new ModelRefusedException(
          "model " + name + "@" + version + " is not in the registry " + directory);
    }
    try {
      Path file = directory.resolve(name).resolve(ALIASES).resolve(alias);
      DurableFiles.replace(file, (version + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to the registry " + directory, e);
    }
  }

  /** The version that an alias points at. */
  public Optional<Integer> version(String name, String alias) {
    ModelContract.requireName(name);
    return Optional.ofNullable(aliases(name).get(alias));
  }

  /**
   * {@inheritDoc}
   *
   * @param reference {@code name} (its champion), {@code name@version} or {@code name@alias}
   */
  @Override
  public LoadedModel load(String reference) {
    try {
      return ModelVerifier.load(read(reference), choice);
    } catch (ModelRefusedException e) {
      throw new ModelRefusedException("model " + reference + ": " + e.getMessage(), e);
    }
  }

  /** All versions, by name, then version; broken ones with what is wrong, none of them loaded. */
  public List<RegisteredModel> list() {
    List<RegisteredModel> models = new ArrayList<>();
    for (String name : DurableFiles.names(directory)) {
      if (!REFERENCE.matcher(name).matches()) {
        continue;
      }
      Map<String, Integer> aliases = aliases(name);
      for (int version : versions(name)) {
        models.add(listed(name, version, aliases));
      }
    }
    return models;
  }

  private RegisteredModel listed(String name, int version, Map<String, Integer> aliases) {
    List<String> own =
        aliases.entrySet().stream()
            .filter(alias -> alias.getValue() == version)
            .map(Map.Entry::getKey)
            .toList();
    try {
      ModelCard card = read(name, version).card();
      return new RegisteredModel(name, version, own, Optional.of(card), "");
    } catch (ModelRefusedException e) {
      return new RegisteredModel(name, version, own, Optional.empty(), e.getMessage());
    }
  }

  /** The stored bytes of a version, their sums and card checked. */
  ModelFiles read(String reference) {
    Matcher matcher = REFERENCE.matcher(reference);
    if (!matcher.matches()) {
      throw new ModelRefusedException(
          "'" + reference + "' is neither name, name@version nor name@alias");
    }
    String name = matcher.group(1);
    if (versions(name).isEmpty()) {
      throw new ModelRefusedException(
          "the registry " + directory + " holds no such model; it holds " + holds());
    }
    if (matcher.group(2) != null) {
      return read(name, Integer.parseInt(matcher.group(2)));
    }
    String alias = matcher.group(3) == null ? CHAMPION : matcher.group(3);
    Integer version = aliases(name).get(alias);
    if (version == null) {
      throw new ModelRefusedException(
          "it has no "
              + alias
              + "; name a version or set the alias; versions are "
              + versions(name));
    }
    return read(name, version);
  }

  private ModelFiles read(String name, int version) {
    Path folder = directory.resolve(name).resolve(Integer.toString(version));
    if (!Files.isDirectory(folder)) {
      throw new ModelRefusedException(
          "there is no version " + version + "; versions are " + versions(name));
    }
    Map<String, String> sums = sums(folder.resolve(ModelFiles.SUMS));
    byte[] json = verified(folder.resolve(ModelFiles.CARD), sums);
    byte[] onnx = verified(folder.resolve(ModelFiles.ONNX), sums);
    ModelCard card = CardJson.read(json);
    ModelContract.checkCard(card);
    if (!card.name().equals(name) || card.version() != version) {
      throw new ModelRefusedException(
          "card.json says " + card.name() + "@" + card.version() + ", its folder is " + folder);
    }
    return new ModelFiles(onnx, card);
  }

  private static byte[] verified(Path file, Map<String, String> sums) {
    byte[] bytes = bytes(file);
    String actual = ModelFiles.hex(ModelFiles.sha256(bytes));
    String expected = sums.get(file.getFileName().toString());
    if (!actual.equals(expected)) {
      throw new ModelRefusedException(
          file
              + " has SHA-256 "
              + actual
              + ", SHA256SUMS says "
              + (expected == null ? "nothing of it" : expected)
              + "; versions never change: register the changed model as a new one");
    }
    return bytes;
  }

  private static Map<String, String> sums(Path file) {
    Map<String, String> sums = new TreeMap<>();
    String text = new String(bytes(file), StandardCharsets.ISO_8859_1);
    for (String line : text.lines().toList()) {
      String[] parts = line.split("[ ][ *]", 2);
      if (parts.length != 2) {
        throw new ModelRefusedException(file + " has a line that is no sum: '" + line + "'");
      }
      sums.put(parts[1], parts[0]);
    }
    return sums;
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new ModelRefusedException(file + " is missing", e);
    } catch (IOException e) {
      throw new ModelRefusedException("cannot read " + file + ": " + e, e);
    }
  }

  private List<Integer> versions(String name) {
    return DurableFiles.names(directory.resolve(name)).stream()
        .filter(folder -> VERSION.matcher(folder).matches())
        .map(Integer::valueOf)
        .sorted()
        .toList();
  }

  private Map<String, Integer> aliases(String name) {
    Map<String, Integer> aliases = new TreeMap<>();
    Path folder = directory.resolve(name).resolve(ALIASES);
    for (String alias : DurableFiles.names(folder)) {
      if (ALIAS.matcher(alias).matches()) {
        String text = new String(bytes(folder.resolve(alias)), StandardCharsets.US_ASCII).strip();
        if (!VERSION.matcher(text).matches()) {
          throw new ModelRefusedException(
              folder.resolve(alias) + " holds '" + text + "', must hold a version");
        }
        aliases.put(alias, Integer.valueOf(text));
      }
    }
    return aliases;
  }

  private String holds() {
    String held =
        DurableFiles.names(directory).stream()
            .filter(name -> !versions(name).isEmpty())
            .collect(Collectors.joining(", "));
    return held.isEmpty() ? "none" : held;
  }

  private static ModelCard withVersion(ModelCard card, int version) {
    return new ModelCard(
        card.name(),
        version,
        card.featureSet(),
        card.featureHash(),
        card.columns(),
        card.output(),
        card.classes(),
        card.unit(),
        card.outputName(),
        card.acceptsNaN(),
        card.labelPolicy(),
        card.description(),
        card.trainedFrom(),
        card.trainedTo(),
        card.training());
  }
}
