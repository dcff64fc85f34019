package dev.igarape.bench.stream;

import dev.igarape.bench.harness.LeftOut;
import dev.igarape.model.targets.Target;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Measures engines one after the other with the same clicks, each on a topic of its own. */
public record EngineBenchmark(Target target, ApiClient api, Load load, PrintStream progress) {
    /** Measures one. */
    interface Measuring {
        Measured measure(Engine engine) throws Exception;
    }

    /**
     * Measures each once a round; the order turns round from one round to the next. One that fails is left out from there on,
     * and told.
     *
     * @param ours the engine that may not fail; empty if each may
     * @throws Exception what ours failed with
     */
    public EngineResults run(List<Engine> engines, Optional<String> ours, int rounds) throws Exception {
        return run(engines, ours, rounds, this::measure, progress);
    }

    static EngineResults run(
            List<Engine> engines, Optional<String> ours, int rounds, Measuring measuring, PrintStream progress)
            throws Exception {
        List<Measured> results = new ArrayList<>();
        LeftOut<Engine> leftOut =
                new LeftOut<>(Engine::name, engine -> ours.equals(Optional.of(engine.name())), progress);
        for (int round = 1; round <= rounds; round++) {
            List<Engine> order = new ArrayList<>(engines);
            Collections.rotate(order, round - 1);
            order.removeIf(engine -> leftOut.failure(engine).isPresent());
            for (Engine engine : order) {
                progress.printf("round %d  %s: starting%n", round, engine.name());
                try {
                    results.add(measuring.measure(engine));
                } catch (Exception e) {
                    leftOut.add(engine, "round " + round, e);
                }
            }
        }
        results.removeIf(measured -> leftOut.failures().containsKey(measured.engine()));
        return new EngineResults(results, leftOut.failures());
    }

    private Measured measure(Engine engine) throws Exception {
        try (ClickTopic topic = ClickTopic.create(target, "clickstream");
                Engine.Running running = engine.start(topic)) {
            return new Measurement(load, api, Clock.systemUTC(), progress).measure(engine.name(), running, topic);
        }
    }
}
