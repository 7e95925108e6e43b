package io.semnal.inference.registry;

/** Where an engine gets its models from: the registry, or the models kept beside a journal. */
@FunctionalInterface
public interface ModelSource {
  /**
   * Loads and verifies a model.
   *
   * @param reference {@code name} (its champion) or {@code name@version}
   * @throws ModelRefusedException with the exact mismatch
   */
  LoadedModel load(String reference);
}
