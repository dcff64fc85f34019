package dev.igarape.cli.connect;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Whether so many connectors have settled: each captures, has failed or was halted. A restart takes a moment to show. */
final class Settling implements Predicate<List<ConnectorHealth>> {
    /** A state that has lasted so long is believed. */
    private static final Duration BELIEVED = Duration.ofSeconds(3);

    private final int wanted;
    private final LongSupplier nanos;
    private List<String> before = List.of();
    private long since;

    Settling(int wanted) {
        this(wanted, System::nanoTime);
    }

    /** @param nanos the time, as {@link System#nanoTime} has it */
    Settling(int wanted, LongSupplier nanos) {
        this.wanted = wanted;
        this.nanos = nanos;
        this.since = nanos.getAsLong();
    }

    /** @param connectors as they are now, of those that are waited for */
    @Override
    public boolean test(List<ConnectorHealth> connectors) {
        List<String> states = connectors.stream()
                .map(it -> it.state()
                        + it.running()
                        + it.slot().filter(ReplicationSlot::active).isPresent())
                .toList();
        if (!states.equals(before)) {
            before = states;
            since = nanos.getAsLong();
        }
        return connectors.size() == wanted
                && connectors.stream().allMatch(ConnectorHealth::settled)
                && nanos.getAsLong() - since > BELIEVED.toNanos();
    }
}
