package io.semnal.core.access;

import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log as a file of JSON lines that is only ever appended to: {@code {"time":…,
 * "what":…,"key":…,"peer":…,"code":…,"text":…}}, fields without a value left out. What is recorded
 * waits in a bounded queue for the cold thread that writes; what finds it full is counted.
 */
public final class AuditFile implements AuditLog, Agent {
  private static final Logger LOG = LoggerFactory.getLogger(AuditFile.class);
  private static final int QUEUE = 8_192;

  private final Path file;
  private final BufferedWriter writer;
  private final LongSupplier clockMillis;
  private final ManyToOneConcurrentArrayQueue<String> queue =
      new ManyToOneConcurrentArrayQueue<>(QUEUE);
  private final Counter lost;
  private boolean failing;

  private AuditFile(Path file, BufferedWriter writer, Metrics metrics, LongSupplier clockMillis) {
    this.file = file;
    this.writer = writer;
    this.clockMillis = clockMillis;
    lost = metrics.counter("audit_lost_total", "Lines of the audit log that were not written");
  }

  /** Opens the file for appending; made for its owner's eyes only where it is not there. */
  public static AuditFile open(Path file, Metrics metrics, LongSupplier clockMillis)
      throws IOException {
    if (!Files.exists(file)) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.createFile(file, OwnerFiles.ownerOnly());
    }
    BufferedWriter writer =
        Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    return new AuditFile(file, writer, metrics, clockMillis);
  }

  @Override
  public void record(String what, String keyId, String peer, String code, String text) {
    StringBuilder line = new StringBuilder(160).append("{\"time\":\"");
    line.append(Instant.ofEpochMilli(clockMillis.getAsLong())).append('"');
    field(line, "what", what);
    field(line, "key", keyId);
    field(line, "peer", peer);
    field(line, "code", code);
    field(line, "text", text);
    if (!queue.offer(line.append("}\n").toString())) {
      lost.increment();
    }
  }

  private static void field(StringBuilder line, String name, String value) {
    if (value.isEmpty()) {
      return;
    }
    line.append(",\"").append(name).append("\":\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        line.append('\\').append(c);
      } else {
        line.append(c < ' ' || c > '~' ? '?' : c);
      }
    }
    line.append('"');
  }

  @Override
  public synchronized int doWork() {
    try {
      int lines = 0;
      for (String line = queue.poll(); line != null; line = queue.poll()) {
        writer.write(line);
        lines++;
      }
      if (lines > 0) {
        writer.flush();
        failing = false;
      }
      return lines;
    } catch (IOException e) {
      lost.increment();
      if (!failing) {
        failing = true;
        LOG.error("the audit log {} cannot be written", file, e);
      }
      return 0;
    }
  }

  /** Writes what waits, and closes the file. */
  @Override
  public synchronized void onClose() {
    doWork();
    try {
      writer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String roleName() {
    return "audit";
  }
}
