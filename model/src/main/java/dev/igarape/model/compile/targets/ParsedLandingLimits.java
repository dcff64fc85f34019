package dev.igarape.model.compile.targets;

import dev.igarape.model.targets.LandingLimits;
import java.util.Optional;

/** Landing limits of a target as declared; what is absent is inherited. */
record ParsedLandingLimits(
        Optional<Integer> openFiles,
        Optional<Long> waitingBytes,
        Optional<Long> blockBytes,
        Optional<Long> fetchBytes,
        Optional<Long> fileBytes,
        Optional<Long> stallSeconds) {
    /** These limits, with what is not declared taken from the others. */
    LandingLimits withDefaults(LandingLimits other) {
        return new LandingLimits(
                openFiles.orElse(other.openFiles()),
                waitingBytes.map(Math::toIntExact).orElse(other.waitingBytes()),
                blockBytes.map(Math::toIntExact).orElse(other.blockBytes()),
                fetchBytes.map(Math::toIntExact).orElse(other.fetchBytes()),
                fileBytes.orElse(other.fileBytes()),
                stallSeconds.map(Math::toIntExact).orElse(other.stallSeconds()));
    }
}
