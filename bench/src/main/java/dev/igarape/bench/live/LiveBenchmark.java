package dev.igarape.bench.live;

import dev.igarape.bench.stream.ApiClient;
import dev.igarape.bench.stream.ClickTopic;
import dev.igarape.bench.stream.Engine;
import dev.igarape.bench.stream.Load;
import dev.igarape.bench.stream.Measured;
import dev.igarape.bench.stream.Measurement;
import dev.igarape.model.targets.Target;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Measures engines one after the other with the same clicks, each on a topic of its own. */
public record LiveBenchmark(Target target, ApiClient api, Load load, PrintStream progress) {
    /** How often the live service looks for new rows. */
    public static final String EVERY = "1s";

    private static final long SEED = 13;
    private static final int RATE = 1_000;
    private static final int SECONDS = 180;
    private static final int WARM_UP_SECONDS = 30;
    private static final int IDLE_SECONDS = 60;
    private static final Duration QUIET = Duration.ofSeconds(60);

    /**
     * The load of this benchmark; warm-up and idle time become shorter with the measurement.
     *
     * @param rate clicks a second; empty: 1,000
     * @param seconds empty: three minutes
     */
    public static Load load(Optional<Integer> rate, Optional<Integer> seconds) {
        int length = seconds.orElse(SECONDS);
        return new Load(
                SEED,
                rate.orElse(RATE),
                Duration.ofSeconds(Math.min(WARM_UP_SECONDS, length)),
                Duration.ofSeconds(length),
                Duration.ofSeconds(Math.min(IDLE_SECONDS, length)),
                QUIET);
    }

    /** Measures each once a round; the order turns round from one round to the next. */
    public List<Measured> run(List<Engine> engines, int rounds) throws Exception {
        List<Measured> results = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            List<Engine> order = new ArrayList<>(engines);
            Collections.rotate(order, round - 1);
            for (Engine engine : order) {
                progress.printf("round %d  %s: starting%n", round, engine.name());
                results.add(measure(engine));
            }
        }
        return results;
    }

    private Measured measure(Engine engine) throws Exception {
        try (ClickTopic topic = ClickTopic.create(target, "clickstream");
                Engine.Running running = engine.start(topic)) {
            return new Measurement(load, api, Clock.systemUTC(), progress).measure(engine.name(), running, topic);
        }
    }
}
