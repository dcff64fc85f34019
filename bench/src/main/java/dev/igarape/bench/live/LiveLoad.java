package dev.igarape.bench.live;

import dev.igarape.bench.stream.Load;
import java.time.Duration;
import java.util.Optional;

/** The load of benchmark {@code live}. */
public final class LiveLoad {
    /** How often the live service looks for new rows. */
    public static final String EVERY = "1s";

    private static final long SEED = 13;
    private static final int RATE = 1_000;
    private static final int SECONDS = 180;
    private static final int WARM_UP_SECONDS = 60;
    private static final int IDLE_SECONDS = 60;
    private static final Duration QUIET = Duration.ofSeconds(60);
    /** So that a watermark of 10 seconds passes the windows before. */
    private static final Duration BEHIND_WATERMARK = Duration.ofSeconds(20);

    private LiveLoad() {}

    /**
     * The load of this benchmark; warm-up and idle time become shorter with the measurement.
     *
     * @param rate clicks a second; empty: 1,000
     * @param seconds empty: three minutes
     */
    public static Load of(Optional<Integer> rate, Optional<Integer> seconds) {
        int length = seconds.orElse(SECONDS);
        return new Load(
                SEED,
                rate.orElse(RATE),
                Duration.ofSeconds(Math.min(WARM_UP_SECONDS, length)),
                Duration.ofSeconds(length),
                Duration.ofSeconds(Math.min(IDLE_SECONDS, length)),
                QUIET,
                BEHIND_WATERMARK);
    }
}
