package io.semnal.core.config;

/**
 * The whole effective configuration.
 *
 * @param engineText the engine's part as canonical HOCON: what a run's header embeds and what
 *     {@code ConfigLoader.engine(String)} reads back
 */
public record SemnalConfig(EngineConfig engine, RuntimeConfig runtime, String engineText) {}
