package io.semnal.server.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.semnal.core.engine.ModelPin;
import io.semnal.gateway.ModelAdmin;
import io.semnal.inference.engine.ActiveModel;
import io.semnal.inference.engine.Models;
import io.semnal.inference.registry.ModelRefusedException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Answers operators' requests about models in JSON, and does their work on a thread of its own. */
public final class ModelDesk implements ModelAdmin, AutoCloseable {
  private static final String STAYS = "not activated, the old model stays: ";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Models models;
  private final ModelSwap swap;
  private final Supplier<String> drift;
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          work -> Thread.ofPlatform().daemon().name("semnal-models").unstarted(work));

  /**
   * @param drift what is known of it, as JSON; answers at once
   */
  public ModelDesk(Models models, ModelSwap swap, Supplier<String> drift) {
    this.models = models;
    this.swap = swap;
    this.drift = drift;
  }

  /** Does this now and every so many seconds, between promotions. It throws nothing. */
  public void repeat(Runnable duty, int seconds) {
    worker.scheduleWithFixedDelay(duty, 0, seconds, TimeUnit.SECONDS);
  }

  @Override
  public String active() {
    ObjectNode answer = MAPPER.createObjectNode();
    ArrayNode strategies = answer.putArray("strategies");
    for (ActiveModel active : models.active()) {
      ObjectNode one = strategies.addObject();
      one.put("strategy", active.strategy()).put("reference", active.reference());
      if (active.model() != null) {
        one.put("model", reference(active.model()))
            .put("sha256", HexFormat.of().formatHex(active.model().sha256()))
            .put("scorer", active.model().scorer().name());
      }
    }
    return answer.toString();
  }

  @Override
  public String drift() {
    return drift.get();
  }

  @Override
  public CompletableFuture<Answer> promote(String reference, String keyId) {
    try {
      return CompletableFuture.supplyAsync(() -> promoted(reference, keyId), worker);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(error(503, STAYS + "the server stops"));
    }
  }

  private Answer promoted(String reference, String keyId) {
    try {
      ModelSwap.Swapped swapped = swap.promote(reference, keyId);
      ObjectNode answer = MAPPER.createObjectNode();
      answer
          .put("model", reference(swapped.model()))
          .put("scorer", swapped.model().scorer().name())
          .put("journalSeq", swapped.journalSeq());
      ArrayNode before = answer.putArray("before");
      swapped.before().forEach(pin -> before.add(reference(pin)));
      return new Answer(200, answer.toString());
    } catch (ModelRefusedException e) {
      return error(409, STAYS + e.getMessage());
    } catch (IOException e) {
      return error(500, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return error(503, "the server stops");
    }
  }

  private static Answer error(int status, String text) {
    return new Answer(status, MAPPER.createObjectNode().put("error", text).toString());
  }

  private static String reference(ModelPin pin) {
    return pin.name() + "@" + pin.version();
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
