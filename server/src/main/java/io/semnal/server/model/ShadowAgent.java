package io.semnal.server.model;

import io.semnal.core.config.StrategyConfig;
import io.semnal.core.ingress.MessageLog;
import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;
import io.semnal.inference.drift.ModelDrift;
import io.semnal.inference.engine.Models;
import io.semnal.inference.engine.ScoredRow;
import io.semnal.inference.engine.ScoredRows;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.scorer.Scorer;
import io.semnal.inference.signal.DecisionPolicy;
import io.semnal.inference.signal.Scores;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.server.model.Challengers.Challenger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.MessageHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cold thread's duty with rows that champions scored: challengers score them too, and they are
 * held against what the champions were trained on. However slow it is, the engine does not wait:
 * rows that find no room in between are counted and left out.
 */
public final class ShadowAgent implements Agent {
  private static final Logger LOG = LoggerFactory.getLogger(ShadowAgent.class);

  /** Rows a duty cycle, and how long it may take: others on this thread want their turn. */
  private static final int BATCH = 128;

  private static final long BATCH_NANOS = 1_000_000L;

  private static final long SNAPSHOT_NANOS = 1_000_000_000L;

  /** Models whose drift is remembered: those of the last promotions. */
  private static final int MOST_MODELS = 16;

  private final ScoredRows rows;
  private final Models models;
  private final Challengers challengers;
  private final ShadowLog log;
  private final List<DecisionPolicy> policies;
  private final Counter scored;
  private final Counter failed;
  private final Scores scores = new Scores();
  private final ScoredRow row = new ScoredRow();
  private final MessageHandler handler = this::onRow;
  private final Map<Integer, ModelDrift> drifts = new LinkedHashMap<>();
  private List<Challenger> current = List.of();
  private final Map<Challenger, Integer> ids = new LinkedHashMap<>();
  private int lastId;
  private boolean broken;
  private boolean changed;
  private long lastSnapshot = System.nanoTime();
  private volatile Map<Integer, ModelDrift.Snapshot> snapshots = Map.of();

  /**
   * @param shadowLog opens the shadow queue, when there is something to write
   * @param strategies in the order of the configuration
   */
  public ShadowAgent(
      ScoredRows rows,
      Models models,
      Challengers challengers,
      Supplier<MessageLog> shadowLog,
      List<StrategyConfig> strategies,
      Metrics metrics) {
    this.rows = rows;
    this.models = models;
    this.challengers = challengers;
    log = new ShadowLog(shadowLog);
    policies = strategies.stream().map(s -> new DecisionPolicy(s.policy())).toList();
    scored = metrics.counter("shadow_scores_total", "Scores of challengers");
    failed = metrics.counter("shadow_errors_total", "Rows that a challenger could not score");
  }

  @Override
  public int doWork() {
    if (broken) {
      return 0;
    }
    try {
      takeChallengers();
      int work = drain();
      long now = System.nanoTime();
      if (changed && now - lastSnapshot > SNAPSHOT_NANOS) {
        lastSnapshot = now;
        changed = false;
        snapshot();
      }
      return work;
    } catch (RuntimeException e) {
      // Nobody's signals depend on this: the server goes on without it, and its counters say so.
      broken = true;
      LOG.error("shadow scores and drift stop until the next start", e);
      return 0;
    }
  }

  /** One by one: a slow challenger's row ends the cycle. */
  private int drain() {
    long until = System.nanoTime() + BATCH_NANOS;
    int work = 0;
    while (work < BATCH && rows.drain(handler, 1) == 1) {
      work++;
      if (System.nanoTime() - until > 0) {
        break;
      }
    }
    return work;
  }

  private void takeChallengers() {
    List<Challenger> found = challengers.found();
    if (found == current) {
      return;
    }
    for (Challenger old : current) {
      if (!found.contains(old)) {
        ids.remove(old);
        old.model().close();
      }
    }
    current = found;
    rows.wantFloat64(current.stream().anyMatch(c -> c.model().scorer().isDouble()));
  }

  private void onRow(int type, DirectBuffer buffer, int index, int length) {
    row.wrap(buffer, index);
    ModelDrift drift = drift(row.modelId());
    if (drift != null) {
      drift.add(row);
      changed = true;
    }
    for (Challenger challenger : current) {
      if (challenger.strategies().contains(row.strategy())) {
        score(challenger);
      }
    }
  }

  private ModelDrift drift(int modelId) {
    ModelDrift drift = drifts.get(modelId);
    if (drift == null) {
      ModelCard card = models.card(modelId);
      if (card == null) {
        return null;
      }
      if (drifts.size() >= MOST_MODELS) {
        drifts.remove(drifts.keySet().iterator().next());
      }
      drift = new ModelDrift(card);
      drifts.put(modelId, drift);
    }
    return drift;
  }

  private void score(Challenger challenger) {
    Integer id = ids.get(challenger);
    if (id == null) {
      id = ++lastId;
      ids.put(challenger, id);
      log.define(challenger.model(), id, row.causeSeq(), row.time());
    }
    ScoreReason reason = evaluate(challenger);
    SignalType side = SignalType.NEUTRAL;
    if (reason == ScoreReason.SIGNAL) {
      DecisionPolicy policy = policies.get(row.strategy());
      SignalType candidate = DecisionPolicy.candidate(scores);
      side = policy.favoured(scores, candidate);
      reason = decide(policy, candidate);
      scored.incrementOwned();
    } else {
      failed.incrementOwned();
    }
    log.score(row, id, scores, side, reason);
  }

  /** As the engine does; see Scoring there. */
  private ScoreReason evaluate(Challenger challenger) {
    scores.clear();
    if (!challenger.model().card().acceptsNaN() && row.hasMissing()) {
      return ScoreReason.QUALITY;
    }
    Scorer scorer = challenger.model().scorer();
    row.writeTo(scorer.input(), scorer.isDouble());
    boolean valid =
        scorer.score() && challenger.output().read(scorer, row.mid(), row.pip(), row.atr(), scores);
    return valid ? ScoreReason.SIGNAL : ScoreReason.SCORER_ERROR;
  }

  /** What the scores alone decide: a challenger has no position, cooldown or spread. */
  private ScoreReason decide(DecisionPolicy policy, SignalType candidate) {
    if (!policy.reachesThreshold(scores, candidate)) {
      return ScoreReason.BELOW_THRESHOLD;
    }
    return policy.leads(scores, candidate) ? ScoreReason.SIGNAL : ScoreReason.MARGIN;
  }

  private void snapshot() {
    Map<Integer, ModelDrift.Snapshot> taken = new LinkedHashMap<>();
    drifts.forEach((id, drift) -> taken.put(id, drift.snapshot()));
    snapshots = taken;
  }

  /** By model id, as of a second ago. Any thread. */
  Map<Integer, ModelDrift.Snapshot> snapshots() {
    return snapshots;
  }

  @Override
  public void onClose() {
    List<Challenger> all = new ArrayList<>(current);
    for (Challenger one : challengers.found()) {
      if (!all.contains(one)) {
        all.add(one);
      }
    }
    all.forEach(challenger -> challenger.model().close());
  }

  @Override
  public String roleName() {
    return "shadow";
  }
}
