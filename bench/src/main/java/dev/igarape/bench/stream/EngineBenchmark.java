package dev.igarape.bench.stream;

import dev.igarape.model.targets.Target;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Measures engines one after the other with the same clicks, each on a topic of its own. */
public record EngineBenchmark(Target target, ApiClient api, Load load, PrintStream progress) {
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
