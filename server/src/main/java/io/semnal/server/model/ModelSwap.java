package io.semnal.server.model;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.engine.ModelPin;
import io.semnal.core.ingress.InboundPort;
import io.semnal.inference.engine.ActiveModel;
import io.semnal.inference.engine.ModelHandover;
import io.semnal.inference.engine.Models;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelRefusedException;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.registry.PinnedModels;
import io.semnal.journal.JournalState;
import io.semnal.journal.ModelActivations;
import io.semnal.journal.RunInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes another model score in a running server. On its own thread it loads, verifies and warms the
 * model up, keeps it beside the journal and hands it to the engine; a ModelActivation message then
 * changes over, at one place of the journal and between two ticks; the champion's alias follows,
 * and the old model is closed. Whatever fails before that message leaves all as it was. One thread
 * at a time.
 */
public final class ModelSwap {
  private static final Logger LOG = LoggerFactory.getLogger(ModelSwap.class);
  private static final long OFFER_NANOS = 5_000_000_000L;
  private static final long ANSWER_NANOS = 10_000_000_000L;

  private final ModelRegistry registry;
  private final PinnedModels pinned;
  private final Path journal;
  private final Models models;
  private final InboundPort inbound;

  /**
   * @param journal the journal's directory
   * @param inbound may be offered to from this thread
   */
  public ModelSwap(RuntimeConfig.Models config, Path journal, Models models, InboundPort inbound) {
    registry = new ModelRegistry(config.directory(), config.scorer());
    pinned = new PinnedModels(journal, config.scorer());
    this.journal = journal;
    this.models = models;
    this.inbound = inbound;
  }

  /**
   * What a promotion did.
   *
   * @param before the models that scored for its strategies until then
   * @param journalSeq of the activation; 0 = the model scored already
   */
  public record Swapped(ModelPin model, List<ModelPin> before, long journalSeq) {}

  /**
   * Finishes a promotion that a killed process left half done, before a run's models are chosen.
   */
  public static void settle(Path journal, JournalState state, ModelRegistry registry) {
    PendingPromotion.settle(journal, () -> followed(state), registry);
  }

  /** What the last run scores with where a strategy follows a name, instead of a version. */
  private static List<ModelPin> followed(JournalState state) {
    List<ModelPin> followed = new ArrayList<>();
    RunInfo run = state.lastRun();
    if (run != null) {
      List<String> references = ModelReferences.of(ConfigLoader.engine(run.engineText()));
      for (int i = 0; i < references.size() && i < state.models().size(); i++) {
        if (ModelReferences.isFollowing(references.get(i))) {
          followed.add(state.models().get(i));
        }
      }
    }
    return followed;
  }

  /**
   * Promotes a model, and returns once it scores.
   *
   * @param reference {@code name@version}
   * @param principal who asked for it
   * @throws ModelRefusedException saying why the old model stays
   * @throws IOException where a file cannot be written; it says whether the old model stays
   */
  public Swapped promote(String reference, String principal)
      throws IOException, InterruptedException {
    LoadedModel model = registry.load(reference);
    boolean handedOver = false;
    try {
      String refusal = models.refusal(model);
      if (refusal != null) {
        throw new ModelRefusedException(refusal);
      }
      ModelPin pin = pin(model);
      List<ModelPin> before = scoringFor(pin.name());
      if (before.size() == 1 && same(before.getFirst(), pin)) {
        registry.setAlias(pin.name(), ModelRegistry.CHAMPION, pin.version());
        return new Swapped(pin, before, 0);
      }
      pinned.pin(model, registry);
      int champion = registry.version(pin.name(), ModelRegistry.CHAMPION).orElse(0);
      new PendingPromotion(pin, champion).write(journal);
      handedOver = true;
      ModelHandover handover = activate(model, pin, principal);
      finish(pin);
      LOG.info(
          "model {}@{} scores from journalSeq {} on, by '{}'",
          pin.name(),
          pin.version(),
          handover.journalSeq(),
          principal);
      return new Swapped(pin, before, handover.journalSeq());
    } finally {
      if (!handedOver) {
        model.close();
      }
    }
  }

  /** The model is the engine's from here on. */
  private ModelHandover activate(LoadedModel model, ModelPin pin, String principal)
      throws IOException, InterruptedException {
    ModelHandover handover = models.prepare(model);
    ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    int length = ModelActivations.encode(pin, principal, buffer, 0);
    long deadline = System.nanoTime() + OFFER_NANOS;
    while (!inbound.offer(buffer, 0, length)) {
      if (System.nanoTime() > deadline) {
        models.withdraw(handover);
        models.closeRetired();
        PendingPromotion.forget(journal);
        throw new ModelRefusedException("the engine's inbox is full, try again");
      }
      Thread.sleep(1);
    }
    deadline = System.nanoTime() + ANSWER_NANOS;
    while (!handover.isAnswered()) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "the activation of "
                + pin.name()
                + "@"
                + pin.version()
                + " is on its way, but the engine has not come to it within "
                + ANSWER_NANOS / 1_000_000_000L
                + " s; the champion's alias stays where it is until a restart settles it");
      }
      Thread.sleep(1);
    }
    models.closeRetired();
    if (handover.refusal() != null) {
      PendingPromotion.forget(journal);
      throw new ModelRefusedException(handover.refusal());
    }
    return handover;
  }

  private void finish(ModelPin pin) throws IOException {
    try {
      registry.setAlias(pin.name(), ModelRegistry.CHAMPION, pin.version());
      PendingPromotion.forget(journal);
    } catch (IOException | RuntimeException e) {
      throw new IOException(
          "model "
              + pin.name()
              + "@"
              + pin.version()
              + " scores, but the registry does not say so yet, which the next start makes up for: "
              + e.getMessage(),
          e);
    }
  }

  /** The models that score for the strategies which follow a name, each once. */
  private List<ModelPin> scoringFor(String name) {
    List<ModelPin> scoring = new ArrayList<>();
    for (ActiveModel active : models.active()) {
      boolean counted = scoring.stream().anyMatch(pin -> same(pin, active.model()));
      if (active.follows(name) && active.model() != null && !counted) {
        scoring.add(active.model());
      }
    }
    return scoring;
  }

  private static ModelPin pin(LoadedModel model) {
    return new ModelPin(
        model.card().name(), model.card().version(), model.sha256().clone(), model.kind());
  }

  private static boolean same(ModelPin a, ModelPin b) {
    return b != null
        && a.name().equals(b.name())
        && a.version() == b.version()
        && a.scorer() == b.scorer()
        && Arrays.equals(a.sha256(), b.sha256());
  }
}
