package io.semnal.inference.registry;

import java.util.List;
import java.util.Optional;

/**
 * One line of a registry's list.
 *
 * @param aliases that point at this version
 * @param card absent where it cannot be read
 * @param problem why not; empty where all is well
 */
public record RegisteredModel(
    String name, int version, List<String> aliases, Optional<ModelCard> card, String problem) {
  public RegisteredModel {
    aliases = List.copyOf(aliases);
  }

  /** {@code name@version}. */
  public String reference() {
    return name + "@" + version;
  }
}
