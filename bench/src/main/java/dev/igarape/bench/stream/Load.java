package dev.igarape.bench.stream;

import java.time.Duration;

/**
 * What an engine is measured with.
 *
 * @param rate clicks a second
 * @param warmUp how long clicks come before the measurement; they count as rows
 * @param length of the measurement
 * @param idle how long nothing comes after it, to measure what waiting costs; may be zero
 * @param quiet a table that has not changed for so long does not change any more
 * @param last how long after the others a last click comes, which moves watermarks and is not counted; zero: there is none
 */
public record Load(
        long seed, int rate, Duration warmUp, Duration length, Duration idle, Duration quiet, Duration last) {
    /** Clicks of the measurement. */
    long clicks() {
        return rate * length.toSeconds();
    }
}
