package dev.igarape.bench.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.bench.harness.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which engines are measured, and what is told of one that fails. */
final class EngineBenchmarkTest {
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());
    private static final List<Engine> ENGINES = List.of(new Named("ours"), new Named("rival"), new Named("other"));

    private final List<String> order = new ArrayList<>();

    private record Named(String name) implements Engine {
        @Override
        public Running start(ClickTopic topic) {
            throw new UnsupportedOperationException();
        }
    }

    /** @param fails the engine whose second measurement fails */
    private EngineResults run(String fails) throws Exception {
        return EngineBenchmark.run(
                ENGINES,
                Optional.of("ours"),
                3,
                engine -> {
                    boolean again = order.contains(engine.name());
                    order.add(engine.name());
                    if (again && engine.name().equals(fails)) {
                        throw new IOException("it ended\nwith a stack trace");
                    }
                    return measured(engine.name());
                },
                NOWHERE);
    }

    private static Measured measured(String engine) {
        return new Measured(
                engine,
                1_000,
                20,
                5,
                new Truth.Difference(0, 0),
                new Visibility.Delays(List.of(1.0), 0),
                0.5,
                0.01,
                0,
                10,
                0);
    }

    @Test
    void measuresEachOnceARoundInTurn() throws Exception {
        EngineResults results = run("none");
        assertThat(order).containsExactly("ours", "rival", "other", "other", "ours", "rival", "rival", "other", "ours");
        assertThat(results.measured()).hasSize(9);
        assertThat(results.failures()).isEmpty();
    }

    @Test
    void leavesARivalOutOnceItFails() throws Exception {
        EngineResults results = run("rival");
        assertThat(order).containsExactly("ours", "rival", "other", "other", "ours", "rival", "other", "ours");
        assertThat(results.measured())
                .extracting(Measured::engine)
                .containsExactly("ours", "other", "other", "ours", "other", "ours");
        assertThat(results.failures())
                .containsOnlyKeys("rival")
                .containsEntry("rival", new Failure("round 2", "java.io.IOException: it ended"));
    }

    @Test
    void endsWhenOursFails() {
        assertThatThrownBy(() -> run("ours")).isInstanceOf(IOException.class).hasMessageStartingWith("it ended");
        assertThat(order).containsExactly("ours", "rival", "other", "other", "ours");
    }
}
