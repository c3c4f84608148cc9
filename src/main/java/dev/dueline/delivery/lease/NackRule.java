package dev.dueline.delivery.lease;

import org.jspecify.annotations.Nullable;

/**
 * How a watcher gives jobs back.
 *
 * @param delayMs until they are due again; null: by their retry policies
 * @param isDead straight to the dead jobs
 * @param isCounted whether the attempt counts
 * @param reason kept with the job; empty: the last one stays
 */
public record NackRule(@Nullable Long delayMs, boolean isDead, boolean isCounted, String reason) {}
