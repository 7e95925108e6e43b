package io.semnal.inference.registry;

import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of model versions.
 *
 * <pre>
 * NAME/VERSION/model.onnx
 * NAME/VERSION/card.json
 * NAME/VERSION/rows.csv       real rows and their scores, where it was registered with some
 * NAME/VERSION/SHA256SUMS     of all of them, as sha256sum writes and checks it
 * NAME/aliases/ALIAS          the version's number in decimal: champion, challenger, others
 * NAME/aliases/ALIAS.log      a line for every move of an alias
 * NAME/deleted.log            a line for every version that was deleted
 * </pre>
 *
 * <p>Versions count from 1, never change once they have their name, and are never given twice; an
 * alias moves. Both are written aside, synced and renamed, so that several processes may use one
 * registry.
 */
public final class ModelRegistry implements ModelSource {
  public static final String CHAMPION = "champion";
  public static final String CHALLENGER = "challenger";

  private static final Pattern REFERENCE =
      Pattern.compile(
          "([a-z0-9][a-z0-9-]{0,31})(?:@(?:([1-9][0-9]{0,8})|([a-z][a-z0-9-]{0,31})))?");
  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");
  private static final String DELETED = "deleted.log";

  private static final Logger LOG = LoggerFactory.getLogger(ModelRegistry.class);

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
    return register(onnx, card, Optional.empty());
  }

  /**
   * The same with rows that it is to score the same at every load.
   *
   * @param rows at most a thousand of them are kept, evenly over all
   */
  public int register(byte[] onnx, ModelCard card, Optional<ParityRows> rows) {
    try {
      ModelContract.requireName(card.name());
      Path models = directory.resolve(card.name());
      ModelFiles files = new ModelFiles(onnx, asStored(card), rows.map(ParityRows::thinned));
      ModelVerifier.load(files, choice).close();
      while (true) {
        int version = nextVersion(card.name());
        if (VersionFolder.store(models, files.withVersion(version))) {
          return version;
        }
      }
    } catch (ModelRefusedException e) {
      throw new ModelRefusedException("model " + card.name() + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to the registry " + directory, e);
    }
  }

  /** Registers a file that was trained elsewhere. */
  public int register(ModelImport model) {
    return register(model.onnx(), model.card(), model.rows());
  }

  /** One more than any that is or was there. */
  private int nextVersion(String name) throws IOException {
    int last = versions(name).stream().mapToInt(v -> v).max().orElse(0);
    Path deleted = directory.resolve(name).resolve(DELETED);
    if (Files.exists(deleted)) {
      for (String line : Files.readAllLines(deleted, StandardCharsets.ISO_8859_1)) {
        String first = line.split(" ", 2)[0];
        if (!VERSION.matcher(first).matches()) {
          throw new ModelRefusedException(deleted + " has a line without a version: " + line);
        }
        last = Math.max(last, Integer.parseInt(first));
      }
    }
    return last + 1;
  }

  /** The card as a later load will read it: what cannot be read is refused before it is stored. */
  private static ModelCard asStored(ModelCard card) {
    return CardJson.read(CardJson.write(card.withVersion(1)));
  }

  /** Registers a file. */
  public int register(Path onnx, ModelCard card) {
    return register(VersionFolder.bytes(onnx), card);
  }

  /**
   * Points an alias at a version.
   *
   * @throws ModelRefusedException where there is no such version
   */
  public void setAlias(String name, String alias, int version) {
    Aliases.requireAlias(alias);
    requireVersion(name, version);
    try {
      new Aliases(directory.resolve(name)).set(alias, version);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to the registry " + directory, e);
    }
  }

  /**
   * Points the champion at the version that was it before; doing it again goes further back.
   *
   * @return that version
   * @throws ModelRefusedException where there was none, or none of them is there any more
   */
  public int rollback(String name) {
    ModelContract.requireName(name);
    Set<Integer> there = new TreeSet<>(versions(name));
    if (there.isEmpty()) {
      throw noSuchModel(name);
    }
    try {
      int version = new Aliases(directory.resolve(name)).back(CHAMPION, there);
      if (version == 0) {
        throw new ModelRefusedException(
            "model " + name + ": no other version was its champion before; versions are " + there);
      }
      return version;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to the registry " + directory, e);
    }
  }

  /**
   * Removes a version; its number is not given again. Journals keep their own copies.
   *
   * @throws ModelRefusedException where an alias points at it
   */
  public void delete(String name, int version) {
    requireVersion(name, version);
    Path model = directory.resolve(name);
    new Aliases(model)
        .all()
        .forEach(
            (alias, target) -> {
              if (target == version) {
                throw new ModelRefusedException(
                    "model " + name + "@" + version + " is " + alias + "; point that elsewhere");
              }
            });
    try {
      String line = version + " deleted " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + "\n";
      DurableFiles.append(model.resolve(DELETED), line.getBytes(StandardCharsets.US_ASCII));
      DurableFiles.removeFolder(model.resolve(Integer.toString(version)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to the registry " + directory, e);
    }
  }

  private void requireVersion(String name, int version) {
    ModelContract.requireName(name);
    if (!versions(name).contains(version)) {
      throw new ModelRefusedException(
          "model " + name + "@" + version + " is not in the registry " + directory);
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

  /**
   * The card of a version, its sums checked, nothing loaded.
   *
   * @param reference as of {@link #load}
   */
  public ModelCard card(String reference) {
    return named(reference).card();
  }

  /** The bytes of a version's ONNX file, its sums checked, nothing loaded. */
  public byte[] onnx(String reference) {
    return named(reference).onnx();
  }

  /** As {@link #read}, with the model's name before what is wrong. */
  ModelFiles named(String reference) {
    try {
      return read(reference);
    } catch (ModelRefusedException e) {
      throw new ModelRefusedException("model " + reference + ": " + e.getMessage(), e);
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
    new Aliases(directory.resolve(name)).astray(alias, version).ifPresent(LOG::warn);
    return read(name, version);
  }

  private ModelFiles read(String name, int version) {
    Path folder = directory.resolve(name).resolve(Integer.toString(version));
    if (!Files.isDirectory(folder)) {
      throw new ModelRefusedException(
          "there is no version " + version + "; versions are " + versions(name));
    }
    ModelFiles files = VersionFolder.read(folder);
    ModelCard card = files.card();
    if (!card.name().equals(name) || card.version() != version) {
      throw new ModelRefusedException(
          "card.json says " + card.name() + "@" + card.version() + ", its folder is " + folder);
    }
    return files;
  }

  private List<Integer> versions(String name) {
    return DurableFiles.names(directory.resolve(name)).stream()
        .filter(folder -> VERSION.matcher(folder).matches())
        .map(Integer::valueOf)
        .sorted()
        .toList();
  }

  private Map<String, Integer> aliases(String name) {
    return new Aliases(directory.resolve(name)).all();
  }

  private ModelRefusedException noSuchModel(String name) {
    return new ModelRefusedException(
        "model "
            + name
            + ": the registry "
            + directory
            + " holds no such model; it holds "
            + holds());
  }

  private String holds() {
    String held =
        DurableFiles.names(directory).stream()
            .filter(name -> !versions(name).isEmpty())
            .collect(Collectors.joining(", "));
    return held.isEmpty() ? "none" : held;
  }
}
