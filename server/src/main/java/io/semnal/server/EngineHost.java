package io.semnal.server;

import io.semnal.core.agent.EngineAgent;
import io.semnal.core.agent.OutboundJournalAgent;
import io.semnal.core.agent.RingSink;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.ingress.EngineTime;
import io.semnal.core.ingress.Ingress;
import io.semnal.core.ingress.MessageLog;
import io.semnal.core.market.Instrument;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.ring.MessageRing;
import io.semnal.core.source.SourceRegistry;
import io.semnal.inference.engine.SignalEngine;
import io.semnal.journal.CleanEnd;
import io.semnal.journal.EngineStart;
import io.semnal.journal.FatalRecord;
import io.semnal.journal.Follower;
import io.semnal.journal.FreeSpace;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalScan;
import io.semnal.journal.JournalState;
import io.semnal.journal.JournalSync;
import io.semnal.journal.Progress;
import io.semnal.journal.Quarantine;
import io.semnal.journal.SnapshotChoice;
import io.semnal.journal.Snapshots;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.DefineSourceEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.server.upkeep.SpaceWatch;
import io.semnal.server.warm.WarmUpHistory;
import io.semnal.server.warm.WarmUpReport;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.agrona.BitUtil;
import org.agrona.ExpandableArrayBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One engine with its journal: everything from the ingress to the outbound journal, brought to the
 * present and ready for live messages. Starts no thread: a server spreads its agents over threads,
 * an import pumps it.
 */
public final class EngineHost implements AutoCloseable {
  /** Longest inbound message that passes the ring: an engine command with its texts. */
  static final int INBOUND_SLOT = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(EngineHost.class);
  private static final int ENGINE_BATCH = 256;

  /** The least outbound slot: what sessions and journals carry today is shorter. */
  private static final int LEAST_OUTBOUND_SLOT = 256;

  private final JournalDirectory journal;
  private final SourceRegistry sources = new SourceRegistry();
  private final SortedMap<Integer, Instrument> instruments;
  private final SignalEngine engine;
  private final EngineStart start;
  private final WarmUpReport warmUp;
  private final JournalState found;
  private final RuntimeConfig.Recovery recovery;
  private final MessageRing inbound;
  private final MessageRing outbound;
  private final MessageLog inboundLog;
  private final MessageLog outboundLog;
  private final Ingress ingress;
  private final EngineAgent engineAgent;
  private final OutboundJournalAgent journalAgent;
  private final JournalSync sync;
  private volatile EngineFailure failure;
  private Consumer<EngineFailure> onFailure = f -> {};
  private Follower follower;
  private boolean pumpFailed;

  /**
   * What killed the engine.
   *
   * @param journalSeq of the message that it died of
   */
  public record EngineFailure(long journalSeq, Throwable cause) {}

  private EngineHost(
      SemnalConfig config, Metrics metrics, JournalDirectory journal, Progress progress) {
    this.journal = journal;
    inboundLog = journal.inboundLog();
    outboundLog = journal.outboundLog();
    SnapshotChoice snapshots = SnapshotChoice.of(journal);
    JournalState state = JournalScan.scan(journal, snapshots, sources, progress);
    found = state;
    recovery = config.runtime().recovery();
    EngineTime time = EngineBringUp.time(config.runtime(), metrics);
    WarmUpHistory history =
        WarmUpHistory.read(
            config,
            journal,
            state,
            time.isWall() ? time.ofOther(time.now()) : state.inbound().time(),
            hasQuotes(sources));
    start = EngineBringUp.resume(config, journal, state, snapshots, time, history, progress);
    start.notes().forEach(note -> LOG.warn("recovery: {}", note));
    engine = (SignalEngine) start.engine();
    instruments = RunInstruments.define(config.engine().instruments(), journal, state, start);
    warmUp = history.feed(start, idsByIndex(config.engine().instruments()));
    RuntimeConfig.Rings rings = config.runtime().rings();
    inbound = new MessageRing(rings.inbound(), INBOUND_SLOT);
    outbound =
        new MessageRing(
            Math.max(
                rings.outbound(),
                BitUtil.findNextPositivePowerOfTwo(2 * engine.maxOutboundPerMessage())),
            Math.max(LEAST_OUTBOUND_SLOT, engine.maxOutboundLength()));
    ingress =
        new Ingress(
            inbound,
            inboundLog,
            time,
            sources,
            metrics,
            rings.sampleEvery(),
            config.runtime().clock().interval().toNanos());
    ingress.resumeFrom(start.journalSeq(), start.time());
    RingSink sink = new RingSink(outbound);
    start.goLive(sink);
    Quarantine quarantine = Quarantine.of(journal);
    engineAgent =
        new EngineAgent(
            inbound, sink, engine, ENGINE_BATCH, quarantine::contains, this::failed, metrics);
    sync = sync(config.runtime().journal(), metrics);
    boolean every = config.runtime().journal().sync() == RuntimeConfig.Journal.Sync.EVERY;
    MessageLog safeLog = every ? sync.synced(outboundLog) : outboundLog;
    journalAgent = new OutboundJournalAgent(outbound, safeLog, metrics.stages(), true);
    HostMetrics.register(metrics, this);
  }

  private JournalSync sync(RuntimeConfig.Journal config, Metrics metrics) {
    if (config.sync() == RuntimeConfig.Journal.Sync.NONE) {
      return null;
    }
    JournalSync made = new JournalSync(journal);
    metrics.gauge("journal_syncs_total", "Times a queue was written to disk", made::forces);
    if (config.sync() == RuntimeConfig.Journal.Sync.EVERY) {
      sources.settleBy(made::inbound);
      // What the process before appended last, and recovery since, is served from the first moment.
      made.both();
    } else {
      made.start(
          config.syncInterval(), e -> LOG.error("the journal is not written to disk any more", e));
    }
    return made;
  }

  private static boolean hasQuotes(SourceRegistry sources) {
    for (int id = 1; id <= sources.count(); id++) {
      if (sources.lastSeq(id) > 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Opens the configured journal and brings an engine to its tail.
   *
   * @throws RuntimeException in words for the operator: a journal in use or damaged, a model that
   *     is missing or does not fit
   */
  public static EngineHost open(SemnalConfig config, Metrics metrics, Progress progress) {
    RuntimeConfig.Journal where = config.runtime().journal();
    SpaceWatch.requireRoom(
        where.directory(), FreeSpace.of(where.directory()), where.space().stop());
    JournalDirectory journal = JournalDirectory.open(where.directory(), where.rollCycle());
    try {
      return new EngineHost(config, metrics, journal, progress);
    } catch (RuntimeException | Error e) {
      journal.close();
      throw e;
    }
  }

  /** The id of a source, journaled if it is new. Ingress thread, or before any runs. */
  public int defineSource(String name) {
    int known = sources.find(name);
    if (known != 0) {
      return known;
    }
    int id = sources.define(name);
    ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    DefineSourceEncoder encoder =
        new DefineSourceEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
    encoder.journalSeq(0).time(0).sourceId(id).name(name);
    while (!ingress.offer(buffer, 0, MessageLayout.HEADER + encoder.encodedLength())) {
      pump();
    }
    return id;
  }

  /**
   * Does the work of engine and outbound journal on the calling thread until none is left: imports,
   * where no other thread runs.
   *
   * @throws IllegalStateException if the engine died
   */
  public void pump() {
    try {
      while (engineAgent.doWork() + journalAgent.doWork() > 0) {
        // Until all is done.
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    if (failure != null && !pumpFailed) {
      pumpFailed = true;
      throw new IllegalStateException(describe(failure), failure.cause());
    }
  }

  /**
   * Makes the engine's follower, whose duty another thread takes on; {@code null} where none is
   * wanted. Before any thread runs.
   */
  public Follower follow() {
    if (recovery.follower()) {
      // What was offered before is given to the engine, so that both begin behind the same message.
      pump();
      follower =
          Follower.of(
              journal,
              JournalEngines.of(journal),
              start,
              ingress.journalSeq(),
              engine.outSeq(),
              found,
              new Follower.Settings(recovery.every(), recovery.messages(), recovery.keep()),
              System::nanoTime);
    }
    return follower;
  }

  private void failed(long journalSeq, Throwable cause) {
    FatalRecord.write(journal, journalSeq, cause);
    failure = new EngineFailure(journalSeq, cause);
    onFailure.accept(failure);
  }

  /** Told on the engine's thread when it died. Before any thread runs. */
  public void onFailure(Consumer<EngineFailure> told) {
    onFailure = told;
  }

  /** The sentence for the operator. */
  public static String describe(EngineFailure failure) {
    return "the engine died of inbound message "
        + failure.journalSeq()
        + ": "
        + failure.cause()
        + "; everything up to it is journaled, and a restart tries it once more";
  }

  /** What killed the engine, or {@code null}. Any thread. */
  public EngineFailure failure() {
    return failure;
  }

  public JournalDirectory journal() {
    return journal;
  }

  public SourceRegistry sources() {
    return sources;
  }

  /** By id. */
  public SortedMap<Integer, Instrument> instruments() {
    return instruments;
  }

  /** The id of the instrument at a position of the configuration's instruments. */
  public int[] idsByIndex(List<Instrument> configured) {
    int[] ids = new int[configured.size()];
    instruments.forEach((id, instrument) -> ids[configured.indexOf(instrument)] = id);
    return ids;
  }

  public SignalEngine engine() {
    return engine;
  }

  /** What warmed the engine up at this start, and what is still cold. */
  public WarmUpReport warmUp() {
    return warmUp;
  }

  /** How the engine came to the present. */
  public EngineStart start() {
    return start;
  }

  public MessageRing inbound() {
    return inbound;
  }

  public MessageRing outbound() {
    return outbound;
  }

  public MessageLog inboundLog() {
    return inboundLog;
  }

  public MessageLog outboundLog() {
    return outboundLog;
  }

  public Ingress ingress() {
    return ingress;
  }

  public EngineAgent engineAgent() {
    return engineAgent;
  }

  public OutboundJournalAgent journalAgent() {
    return journalAgent;
  }

  /** Nothing stands behind it: the next start has nothing to replay. */
  private void lastSnapshot() {
    if (follower != null && follower.status().state() == Follower.State.DIFFERS) {
      return;
    }
    try {
      Snapshots.takeAtEnd(journal, engine, recovery.keep());
    } catch (RuntimeException e) {
      LOG.warn("no snapshot at the end, the next start replays more: {}", e.getMessage());
    }
  }

  /** The journal as this start found it. */
  public JournalState found() {
    return found;
  }

  /**
   * Finishes what is in the rings, marks the orderly end, closes the journal. No other thread runs.
   */
  @Override
  public void close() {
    try {
      if (failure == null) {
        pump();
      }
      if (failure == null) {
        new CleanEnd(ingress.journalSeq(), engine.outSeq()).write(journal);
        lastSnapshot();
      }
    } finally {
      if (sync != null) {
        sync.both();
        sync.close();
      }
      engine.close();
      journal.close();
    }
  }
}
