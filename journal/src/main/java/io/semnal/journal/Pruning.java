package io.semnal.journal;

import io.semnal.core.ingress.MessageLog;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.openhft.chronicle.core.time.SetTimeProvider;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes a journal's oldest files, up to the header of a run or a snapshot inside one, from which
 * on everything stays and replays. The newest of the removed files is replaced by one with the
 * {@link Keepsakes} of all of them; challengers' scores go with what caused them. Works beside the
 * writer, in its process; any thread, one at a time.
 *
 * <p>A kill at any instant is made good at the next start: the replacing files are written aside,
 * then the {@link Floor} is moved, which decides, then files are exchanged and removed.
 */
public final class Pruning {
  static final Logger LOG = LoggerFactory.getLogger(Pruning.class);
  private static final String ASIDE = "prune";
  private static final List<Side> SIDES = List.of(Side.INBOUND, Side.OUTBOUND);

  private final JournalDirectory journal;
  private final PruningPlan plan;

  private Pruning(JournalDirectory journal, PruningPlan plan) {
    this.journal = journal;
    this.plan = plan;
  }

  /** Does what a plan says. The journal is open for writing in this process. */
  public static void carryOut(JournalDirectory journal, PruningPlan plan) {
    if (!plan.isEmpty()) {
      new Pruning(journal, plan).run();
    }
  }

  private void run() {
    Path aside = journal.path().resolve(ASIDE);
    deleteTree(aside);
    synchronized (journal.snapshotLock()) {
      // Whoever writes snapshots deletes old ones meanwhile: not this one.
      requireSnapshot();
      moveFloor(aside);
    }
    prepareShadow(aside);
    exchange(journal.path(), aside);
    journal.pruned();
    Floor floor = journal.floor();
    deleteTree(aside);
    LOG.info(
        "pruned {} file(s) of {}: it begins at journalSeq {}, outSeq {}",
        plan.files().size(),
        journal.path(),
        floor.journalSeq(),
        floor.outSeq());
  }

  /** Behind the floor, which has decided what is a score of nothing that is left. */
  private void prepareShadow(Path aside) {
    try {
      ShadowPruning.prepare(journal, plan.journalSeq(), aside);
    } catch (IOException e) {
      throw new JournalException("cannot write " + aside, e);
    }
  }

  /** Nothing goes unless the snapshot that is to stand for it can be read, and is on the disk. */
  private void requireSnapshot() {
    if (plan.snapshotSeq() == 0) {
      return;
    }
    SnapshotChoice choice = SnapshotChoice.of(journal);
    if (choice.servesAt(plan.snapshotSeq()) == null) {
      throw new JournalException(choice.notes().getLast());
    }
    try {
      force(new SnapshotFiles(journal).file(plan.snapshotSeq()));
      for (Side side : SIDES) {
        // Its last messages stand there: after a crash of the machine it is held against them.
        long last = side == Side.INBOUND ? plan.snapshotSeq() : plan.outSeq() - 1;
        for (QueueFiles.Found file : QueueFiles.found(journal.queue(side))) {
          if (file.firstSequence() <= last && !plan.cycles(side).contains(file.cycle())) {
            force(file.file());
          }
        }
      }
    } catch (IOException e) {
      throw new JournalException("cannot write to the disk what the pruned journal begins with", e);
    }
  }

  private void moveFloor(Path aside) {
    Floor before = journal.floor();
    int inbound = before.inboundCycle();
    int outbound = before.outboundCycle();
    for (Side side : SIDES) {
      if (!plan.cycles(side).isEmpty()) {
        replace(side, aside);
        int last = plan.cycles(side).getLast();
        inbound = side == Side.INBOUND ? last : inbound;
        outbound = side == Side.OUTBOUND ? last : outbound;
      }
    }
    requireUnread();
    Floor floor =
        new Floor(plan.journalSeq(), plan.outSeq(), inbound, outbound, plan.snapshotSeq());
    floor.write(journal.path());
    journal.floorMoved(floor);
  }

  /** To read all that goes has taken its time: somebody may have begun to read there meanwhile. */
  private void requireUnread() {
    for (Side side : SIDES) {
      if (!plan.cycles(side).isEmpty()
          && PruningPlan.read(journal, side) <= plan.cycles(side).getLast()) {
        throw new JournalException(
            "somebody has begun to read what was to go of the " + side.folder() + " queue");
      }
    }
  }

  /**
   * Writes, aside, the file that stands for all that go. They are opened anew to be read: the
   * queue's own view of a file that an earlier pruning has replaced may still be what it was.
   */
  private void replace(Side side, Path aside) {
    int last = plan.cycles(side).getLast();
    Keepsakes keepsakes = new Keepsakes(side);
    boolean[] beyond = {false};
    try (JournalDirectory anew = JournalDirectory.openReadOnly(journal.path());
        QueueReader reader = anew.reader(side)) {
      reader.seekToStart();
      while (!beyond[0]
          && reader.readNext(
              (buffer, offset, length) -> {
                beyond[0] = reader.cycle() > last;
                if (!beyond[0]) {
                  keepsakes.onMessage(buffer, offset, length);
                }
              })) {
        // To the end of the last file that goes.
      }
    }
    if (side == Side.INBOUND && !keepsakes.hasRun()) {
      throw new CorruptJournalException(
          "no run's header stands in the inbound files that were to go: nothing is removed");
    }
    RollCycle roll = journal.queue(side).queue().rollCycle();
    write(aside.resolve(side.folder()), last, keepsakes.messages(), roll);
  }

  static void write(Path folder, int cycle, List<byte[]> messages, RollCycle roll) {
    SetTimeProvider clock = new SetTimeProvider();
    clock.currentTimeMillis((long) cycle * roll.lengthInMillis());
    try {
      Files.createDirectories(folder);
      try (SingleChronicleQueue queue =
              SingleChronicleQueueBuilder.binary(folder)
                  .rollCycle(roll)
                  .blockSize(QueueFiles.BLOCK)
                  .timeProvider(clock)
                  .build();
          MessageLog log = new QueueLog(queue)) {
        for (byte[] message : messages) {
          log.append(new UnsafeBuffer(message), 0, message.length);
        }
        // A file of the next cycle ends this one: only then do readers go on to what follows.
        clock.advanceMillis(roll.lengthInMillis());
        byte[] any = messages.getLast();
        log.append(new UnsafeBuffer(any), 0, any.length);
      }
      List<Path> files = QueueFiles.list(folder);
      SumFile.write(files.getFirst(), cycle, messages);
      for (Path file : files) {
        force(file);
      }
    } catch (IOException e) {
      throw new JournalException("cannot write " + folder, e);
    }
  }

  /** Makes good what a kill has left half done. Before the queues are opened for writing. */
  static void finishInterrupted(Path journal) {
    Path aside = journal.resolve(ASIDE);
    if (!Files.isDirectory(aside)) {
      return;
    }
    if (!Floor.read(journal).equals(Floor.NONE)) {
      exchange(journal, aside);
    }
    // The folder goes last: as long as it is there, this is done again.
    for (Side side : SIDES) {
      JournalQueue.relist(journal.resolve(side.folder()), roll(journal));
    }
    Path shadow = journal.resolve(Side.SHADOW.folder());
    if (QueueFiles.exist(shadow)) {
      JournalQueue.relist(shadow, roll(journal));
    }
    deleteTree(aside);
  }

  private static RollCycle roll(Path journal) {
    return JournalQueue.rollCycle(JournalFormat.read(journal).rollCycle());
  }

  /** Puts the replacing files in place, if the floor says that they are to be, and removes. */
  private static void exchange(Path journal, Path aside) {
    Floor floor = Floor.read(journal);
    try {
      for (Side side : SIDES) {
        for (Path file : QueueFiles.list(aside.resolve(side.folder()))) {
          Path target = journal.resolve(side.folder()).resolve(file.getFileName());
          if (QueueFiles.cycle(journal, file) == floor.cycle(side)) {
            // First: those of the file that goes are not those of the one that comes.
            Files.deleteIfExists(SumFile.beside(target));
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
          }
        }
        for (Path sums : SumFile.list(aside.resolve(side.folder()))) {
          Path target = journal.resolve(side.folder()).resolve(sums.getFileName());
          Files.move(sums, target, StandardCopyOption.ATOMIC_MOVE);
        }
      }
      ShadowPruning.exchange(journal, aside);
    } catch (IOException e) {
      throw new JournalException("cannot put the files of " + aside + " in place", e);
    }
    removeOlder(journal);
  }

  private static void removeOlder(Path journal) {
    Floor floor = Floor.read(journal);
    for (Side side : SIDES) {
      Path folder = journal.resolve(side.folder());
      for (Path file : QueueFiles.list(folder)) {
        if (QueueFiles.cycle(journal, file) < floor.cycle(side)) {
          delete(file);
          deleteSums(file);
        }
      }
    }
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void deleteSums(Path queueFile) {
    if (Files.exists(SumFile.beside(queueFile))) {
      delete(SumFile.beside(queueFile));
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new JournalException("cannot remove " + file, e);
    }
  }

  private static void deleteTree(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      List<Path> all = new ArrayList<>(tree.sorted(Comparator.reverseOrder()).toList());
      all.forEach(Pruning::delete);
    } catch (IOException e) {
      throw new JournalException("cannot remove " + folder, e);
    }
  }
}
