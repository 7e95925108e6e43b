package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.queue.impl.TableStore;
import net.openhft.chronicle.queue.impl.single.TableStoreWriteLock;
import net.openhft.chronicle.queue.impl.table.Metadata;
import net.openhft.chronicle.queue.impl.table.SingleTableBuilder;
import net.openhft.chronicle.threads.BusyTimedPauser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalDirectoryTest {
  @TempDir Path dir;

  @Test
  void refusesASecondOpeningAndNamesTheHolder() throws Exception {
    try (ChildJvm child = ChildJvm.start(HoldingChild.class, dir.toString())) {
      child.awaitLine("held");
      assertThatThrownBy(() -> JournalDirectory.open(dir, "FAST_DAILY"))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("held by another process")
          .hasMessageContaining("pid " + child.process().pid());
      child.process().destroyForcibly().waitFor(60, TimeUnit.SECONDS);
      JournalDirectory.open(dir, "FAST_DAILY").close();
    }
  }

  @Test
  void refusesASecondOpeningInTheSameProcessAndKeepsTheLock() throws Exception {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      assertThatThrownBy(() -> JournalDirectory.open(dir, "FAST_DAILY"))
          .hasMessageContaining("in this process");
      try (ChildJvm child = ChildJvm.start(HoldingChild.class, dir.toString())) {
        assertThat(child.awaitLine("refused")).contains("pid " + ProcessHandle.current().pid());
      }
      assertThat(journal.isReadOnly()).isFalse();
    }
    JournalDirectory.open(dir, "FAST_DAILY").close();
  }

  @Test
  void refusesAFormatThatItDoesNotKnow() throws Exception {
    JournalDirectory.open(dir, "FAST_DAILY").close();
    Files.writeString(dir.resolve("FORMAT"), "semnal-journal 99\nrollCycle FAST_DAILY\n");
    assertThatThrownBy(() -> JournalDirectory.open(dir, "FAST_DAILY"))
        .hasMessageContaining("format 99");
    Files.writeString(dir.resolve("FORMAT"), "something else\n");
    assertThatThrownBy(() -> JournalDirectory.openReadOnly(dir))
        .hasMessageContaining("not the marker");
  }

  @Test
  void refusesAFolderThatIsNoJournal() throws Exception {
    Files.writeString(dir.resolve("holiday.txt"), "photos");
    assertThatThrownBy(() -> JournalDirectory.open(dir, "FAST_DAILY"))
        .hasMessageContaining("neither empty nor a journal");
    assertThatThrownBy(() -> JournalDirectory.openReadOnly(dir))
        .hasMessageContaining("there is no journal");
    assertThatThrownBy(() -> JournalDirectory.open(dir.resolve("new"), "EVERY_TUESDAY"))
        .hasMessageContaining("EVERY_TUESDAY");
  }

  @Test
  void keepsTheRollCycleOfAnExistingJournal() {
    Messages messages = new Messages();
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_HOURLY")) {
      journal.inboundLog().append(messages.buffer, 0, messages.clock(1, 1));
    }
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      journal.inboundLog().append(messages.buffer, 0, messages.clock(2, 2));
      assertThat(journal.inboundReader().head().sequence()).isEqualTo(2);
    }
  }

  @Test
  void freesAWriteLockThatBearsItsOwnProcessId() {
    Messages messages = new Messages();
    JournalDirectory.open(dir, "FAST_DAILY").close();
    Path metadata = dir.resolve("inbound/metadata.cq4t");
    try (TableStore<Metadata.NoMeta> store =
            SingleTableBuilder.binary(metadata, Metadata.NoMeta.INSTANCE).readOnly(false).build();
        TableStoreWriteLock lock = new TableStoreWriteLock(store, BusyTimedPauser::new, 0L)) {
      lock.lock();
    }
    long begin = System.nanoTime();
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      journal.inboundLog().append(messages.buffer, 0, messages.clock(1, 1));
      assertThat(journal.inboundReader().head().sequence()).isEqualTo(1);
    }
    assertThat(System.nanoTime() - begin).isLessThan(5_000_000_000L);
  }

  @Test
  void startsAnewWhereAFirstStartWasKilledHalfWay() throws Exception {
    for (int leftBehind : new int[] {0, 100, 131_072}) {
      Path half = dir.resolve("half-" + leftBehind);
      JournalDirectory.open(half, "FAST_DAILY").close();
      Files.write(half.resolve("inbound/metadata.cq4t"), new byte[leftBehind]);
      try (LiveRun live = new LiveRun(half, "build-1", "3")) {
        live.quotes(10);
      }
      assertThat(RecoveryTest.verify(half, "build-1").isIdentical()).isTrue();
    }
    Path early = dir.resolve("early");
    Files.createDirectories(early);
    Files.writeString(early.resolve("lock"), "");
    Files.writeString(early.resolve("FORMAT.part"), "semn");
    JournalDirectory.open(early, "FAST_DAILY").close();
  }

  @Test
  void turnsTheVendorsTelemetryOffByItself() {
    JournalDirectory.open(dir, "FAST_DAILY").close();
    assertThat(System.getProperty("chronicle.analytics.disable")).isEqualTo("true");
  }

  /** Opens the journal and holds it, or says why not. */
  static final class HoldingChild {
    private HoldingChild() {}

    public static void main(String[] args) throws Exception {
      try (JournalDirectory journal = JournalDirectory.open(Path.of(args[0]), "FAST_DAILY")) {
        System.out.println("held " + journal.path());
        Thread.sleep(60_000);
      } catch (JournalException e) {
        System.out.println("refused " + e.getMessage());
      }
    }
  }
}
