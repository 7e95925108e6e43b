package io.semnal.inference.scorer;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings ONNX Runtime's shared library from its jar into the process.
 *
 * <p>Each process copies it into a temporary directory of its own, readable by nobody else, and
 * removes the copy as soon as it is mapped: nothing is shared between processes that start at once,
 * nothing can be tampered with between check and load, and nothing stays behind. A process killed
 * in that moment leaves its copy; the next start an hour later removes it.
 */
final class OrtLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(OrtLibrary.class);
  private static final String PREFIX = "semnal-onnxruntime-";
  private static final String HINT =
      "; where that directory is missing, full or mounted noexec, choose another with"
          + " -Djava.io.tmpdir=";
  private static final Duration ABANDONED = Duration.ofHours(1);

  private OrtLibrary() {}

  /** Loads the library for the life of the process. */
  @SuppressWarnings("restricted")
  static SymbolLookup load() throws IOException {
    String platform = platform(System.getProperty("os.name"), System.getProperty("os.arch"));
    String file = fileName(platform);
    String resource = "/ai/onnxruntime/native/" + platform + "/" + file;
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    removeAbandoned(temporary, Instant.now().minus(ABANDONED));
    OrtTelemetry.forbid();
    try (InputStream in = OrtException.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("the onnxruntime jar holds no library for " + platform);
      }
      Path directory = Files.createTempDirectory(temporary, PREFIX);
      Path library = directory.resolve(file);
      try {
        Files.copy(in, library);
        return SymbolLookup.libraryLookup(library, Arena.global());
      } finally {
        remove(directory, library);
      }
    } catch (FileSystemException e) {
      throw new IOException(
          "its library cannot be copied to " + temporary + " (" + e + ")" + HINT, e);
    } catch (IllegalArgumentException e) {
      throw new IOException("the system does not load it from " + temporary + HINT, e);
    }
  }

  static String platform(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT);
    String system = os.startsWith("mac") ? "osx" : os.startsWith("win") ? "win" : "linux";
    String arch = osArch.toLowerCase(Locale.ROOT);
    return system + "-" + (arch.equals("amd64") || arch.equals("x86_64") ? "x64" : arch);
  }

  static String fileName(String platform) {
    if (platform.startsWith("osx")) {
      return "libonnxruntime.dylib";
    }
    return platform.startsWith("win") ? "onnxruntime.dll" : "libonnxruntime.so";
  }

  private static void remove(Path directory, Path library) {
    try {
      Files.deleteIfExists(library);
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      // Windows holds a mapped file until the process ends.
      LOG.debug("{} stays until the process ends: {}", library, e.toString());
      directory.toFile().deleteOnExit();
      library.toFile().deleteOnExit();
    }
  }

  /** Removes copies that killed processes left behind before {@code limit}. */
  static void removeAbandoned(Path temporary, Instant limit) {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(temporary, PREFIX + "*")) {
      for (Path directory : left) {
        if (Files.getLastModifiedTime(directory).toInstant().isBefore(limit)) {
          removeTree(directory);
        }
      }
    } catch (IOException e) {
      LOG.debug("Could not look for abandoned libraries in {}: {}", temporary, e.toString());
    }
  }

  private static void removeTree(Path directory) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      LOG.debug("{} belongs to another user or process: {}", directory, e.toString());
    }
  }
}
