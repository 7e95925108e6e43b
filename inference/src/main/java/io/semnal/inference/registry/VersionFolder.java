package io.semnal.inference.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Writes and reads the files of one version, held to their sums. */
final class VersionFolder {
  /** Far more than a model that scores a row in microseconds. */
  private static final long LARGEST = 256L << 20;

  private VersionFolder() {}

  /**
   * @param models the folder of the model's name
   * @return whether the version was free
   */
  static boolean store(Path models, ModelFiles files) throws IOException {
    Path staged = DurableFiles.stage(models);
    try {
      Map<String, byte[]> contents = new TreeMap<>();
      contents.put(ModelFiles.CARD, CardJson.write(files.card()));
      contents.put(ModelFiles.ONNX, files.onnx());
      files.rows().ifPresent(rows -> contents.put(ParityRows.FILE, rows.toCsv(files.card())));
      StringBuilder sums = new StringBuilder();
      for (Map.Entry<String, byte[]> file : contents.entrySet()) {
        DurableFiles.write(staged.resolve(file.getKey()), file.getValue());
        sums.append(ModelFiles.hex(ModelFiles.sha256(file.getValue())))
            .append("  ")
            .append(file.getKey())
            .append('\n');
      }
      DurableFiles.write(
          staged.resolve(ModelFiles.SUMS), sums.toString().getBytes(StandardCharsets.US_ASCII));
      DurableFiles.publish(staged, models.resolve(Integer.toString(files.card().version())));
      return true;
    } catch (FileAlreadyExistsException e) {
      // Another process took the number in between.
      return false;
    } finally {
      DurableFiles.removeStaged(staged);
    }
  }

  /**
   * @throws ModelRefusedException where a file is missing, has another sum, or cannot be read
   */
  static ModelFiles read(Path folder) {
    Map<String, String> sums = sums(folder.resolve(ModelFiles.SUMS));
    byte[] json = verified(folder.resolve(ModelFiles.CARD), sums);
    byte[] onnx = verified(folder.resolve(ModelFiles.ONNX), sums);
    ModelCard card = CardJson.read(json);
    ModelContract.checkCard(card);
    Path kept = folder.resolve(ParityRows.FILE);
    if (!sums.containsKey(ParityRows.FILE) && !Files.exists(kept)) {
      return new ModelFiles(onnx, card);
    }
    byte[] csv = verified(kept, sums);
    ParityRows rows = ParityRows.read(csv, card.columns().size(), card.scoreNames().size());
    return new ModelFiles(onnx, card, Optional.of(rows));
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

  static byte[] bytes(Path file) {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        // A device or a pipe would give bytes for ever, or keep the reader waiting.
        throw new ModelRefusedException(file + " is no regular file");
      }
      if (Files.size(file) > LARGEST) {
        throw new ModelRefusedException(
            file + " has " + Files.size(file) + " bytes; at most " + LARGEST + " are read");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new ModelRefusedException(file + " is missing", e);
    } catch (IOException e) {
      throw new ModelRefusedException("cannot read " + file + ": " + e, e);
    }
  }
}
