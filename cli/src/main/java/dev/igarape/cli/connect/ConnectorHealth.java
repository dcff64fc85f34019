package dev.igarape.cli.connect;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/**
 * How a connector is.
 *
 * @param connectorClass without its package
 * @param state as Kafka Connect calls it; that of its tasks where they have failed
 * @param running how many of its tasks run
 * @param slot that it reads; empty for connectors without one, or where the database does not answer
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record ConnectorHealth(
        String name,
        String connectorClass,
        String state,
        int running,
        int tasks,
        Optional<ReplicationSlot> slot,
        List<Finding> findings) {
    public ConnectorHealth {
        findings = List.copyOf(findings);
    }

    /**
     * Something that somebody must look at.
     *
     * @param failed whether changes are not captured any more; otherwise they will not be some day
     */
    public record Finding(boolean failed, String problem, String remedy) {}

    public boolean failed() {
        return findings.stream().anyMatch(Finding::failed);
    }

    /**
     * Whether it is what it is going to be: captures, has failed, or was halted. A task is called running before it has
     * reached its database, so of a connector with a slot that must be read.
     */
    boolean settled() {
        boolean waits = slot.isEmpty() && connectorClass.equals("PostgresConnector");
        boolean captures =
                tasks > 0 && running == tasks && !waits && slot.stream().allMatch(ReplicationSlot::active);
        // One that has just begun has no task yet.
        return captures
                || tasks > 0 && failed()
                || List.of("FAILED", "STOPPED", "PAUSED").contains(state);
    }

    static ConnectorHealth of(Connector connector, Optional<ReplicationSlot> slot, List<Finding> findings) {
        String type = connector.config().getOrDefault("connector.class", "");
        return new ConnectorHealth(
                connector.name(),
                type.substring(type.lastIndexOf('.') + 1),
                connector.failed() ? "FAILED" : connector.state(),
                (int) connector.tasks().stream().filter(Connector.Task::running).count(),
                connector.tasks().size(),
                slot,
                findings);
    }
}
