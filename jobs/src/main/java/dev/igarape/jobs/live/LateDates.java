package dev.igarape.jobs.live;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Dates that are over and were built a few seconds ago. They wait while today gets rows: rows that are late by a day or more come
 * one by one, and each would make a step build a date more.
 */
final class LateDates {
    private static final Duration BETWEEN = Duration.ofSeconds(10);

    private final Map<LocalDate, Built> built = new HashMap<>();

    /**
     * A build of a date.
     *
     * @param at its end, by the clock of all waits
     * @param until the moment of which the date has all that its sources had; empty if that is not known
     */
    record Built(Instant at, Optional<Instant> until) {
        /** When the date may be built again. */
        Instant nextAt() {
            return at.plus(BETWEEN);
        }
    }

    void add(LocalDate date, Built build) {
        built.put(date, build);
    }

    /** The build of a date for which it waits. */
    Optional<Built> waitsFor(LocalDate date, Instant now) {
        built.values().removeIf(build -> !now.isBefore(build.nextAt()));
        return Optional.ofNullable(built.get(date));
    }
}
