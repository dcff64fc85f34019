package dev.igarape.cli.connect;

import dev.igarape.cli.connect.ConnectorHealth.Finding;
import java.io.FileNotFoundException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds what is wrong with connectors: their own failures, and replication slots for which WAL grows. */
final class ConnectorChecks {
    /** More WAL than this is told though somebody reads it. */
    private static final long MUCH = 1L << 30;

    private static final String DROP = "SELECT pg_drop_replication_slot('%s')";

    /** The class of SQLSTATE for logins that are refused. */
    private static final String REFUSED_LOGIN = "28";

    private final ConnectorSecrets secrets;
    private final List<Connector> connectors;
    private final Slots slots;
    /** By host, port and database; one question for each. */
    private final Map<List<String>, Answer> databases = new HashMap<>();

    /** Asks a database. */
    @FunctionalInterface
    interface Slots {
        /** The logical slots of the database that a connector's configuration names. */
        List<ReplicationSlot> of(Map<String, String> config) throws SQLException;
    }

    /** @param error why there are no slots */
    private record Answer(List<ReplicationSlot> slots, Optional<SQLException> error) {}

    ConnectorChecks(ConnectorSecrets secrets, List<Connector> connectors) {
        this(secrets, connectors, ReplicationSlots::of);
    }

    ConnectorChecks(ConnectorSecrets secrets, List<Connector> connectors, Slots slots) {
        this.secrets = secrets;
        this.connectors = connectors;
        this.slots = slots;
    }

    List<ConnectorHealth> all() {
        return connectors.stream().map(this::check).toList();
    }

    private ConnectorHealth check(Connector connector) {
        List<Finding> findings = new ArrayList<>();
        connector
                .traces()
                .forEach(trace -> findings.add(
                        new Finding(true, FailureAdvice.reason(trace), FailureAdvice.remedy(connector.name(), trace))));
        if (connector.failed() && findings.isEmpty()) {
            findings.add(
                    new Finding(true, "it has failed, without a reason", FailureAdvice.remedy(connector.name(), "")));
        }
        if (findings.isEmpty()) {
            idle(connector).ifPresent(findings::add);
        }
        Map<String, String> config = secrets.resolve(connector.config());
        Optional<List<String>> address = ReplicationSlot.address(config);
        if (address.isEmpty()) {
            return ConnectorHealth.of(connector, Optional.empty(), findings);
        }
        Answer answer = databases.computeIfAbsent(address.get().subList(0, 3), database -> ask(config));
        answer.error().map(error -> unasked(connector, error)).ifPresent(findings::add);
        String name = ReplicationSlot.slotName(config);
        Optional<ReplicationSlot> slot = answer.slots().stream()
                .filter(known -> known.name().equals(name))
                .findFirst();
        slot.flatMap(known -> look(connector, known)).ifPresent(findings::add);
        others(answer, address.get()).forEach(findings::add);
        return ConnectorHealth.of(connector, slot, findings);
    }

    /** What is wrong with a connector that has not failed, but captures nothing or not everything. */
    private static Optional<Finding> idle(Connector connector) {
        if (connector.halted()) {
            return Optional.of(new Finding(
                    false,
                    "it is %s, so it captures nothing"
                            .formatted(connector.state().toLowerCase(Locale.ROOT)),
                    "Have it go on where it was: ./lake connect restart " + connector.name()));
        }
        if (connector.tasks().isEmpty()) {
            return Optional.of(new Finding(
                    true, "it has no task, so it captures nothing", FailureAdvice.remedy(connector.name(), "")));
        }
        List<String> others = connector.tasks().stream()
                .filter(task -> !task.running())
                .map(task -> task.id() + " is " + task.state())
                .toList();
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        false,
                        "not all of its tasks run: " + String.join(", ", others),
                        "Kafka Connect starts them by itself; if it does not, ./lake logs connect tells why."));
    }

    private Answer ask(Map<String, String> config) {
        try {
            return new Answer(slots.of(config), Optional.empty());
        } catch (SQLException e) {
            return new Answer(List.of(), Optional.of(e));
        }
    }

    private static Finding unasked(Connector connector, SQLException error) {
        // A connector tries again for ever, and is called running all the while.
        boolean refused = Optional.ofNullable(error.getSQLState()).orElse("").startsWith(REFUSED_LOGIN);
        if (refused && !connector.halted()) {
            return new Finding(
                    true,
                    "its database refuses the connector's login, so it captures nothing: " + error.getMessage(),
                    FailureAdvice.remedy(connector.name(), error.getMessage()));
        }
        return missing(error)
                .map(file -> new Finding(
                        false,
                        "its database cannot be asked from here about its replication slot: this machine can't read "
                                + file,
                        "The worker reads the files of database.ssl… on its own machine, and ./lake on this one. Run it there,"
                                + " or put the same file here, too."))
                .orElseGet(() -> new Finding(
                        false,
                        "its database cannot be asked about its replication slot: " + error.getMessage(),
                        FailureAdvice.trust(connector.name(), String.valueOf(error.getMessage()))
                                .orElse("The connector goes on where it was once the database answers.")));
    }

    /** The file that the driver has not found on this machine, and why, in whatever language it speaks itself. */
    private static Optional<String> missing(SQLException error) {
        return Stream.<Throwable>iterate(error, cause -> cause != null, Throwable::getCause)
                .filter(cause -> cause instanceof FileNotFoundException || cause instanceof NoSuchFileException)
                .map(Throwable::getMessage)
                .findFirst();
    }

    private static Optional<Finding> look(Connector connector, ReplicationSlot slot) {
        if (slot.lost()) {
            return Optional.of(new Finding(
                    true,
                    "PostgreSQL has removed WAL that replication slot %s needs".formatted(slot.name()),
                    FailureAdvice.remedy(connector.name(), "can no longer")));
        }
        if (!slot.active()) {
            String remedy = connector.halted()
                    ? "Have the connector go on (./lake connect restart %1$s), or delete it (./lake connect delete %1$s) and"
                            + " drop the slot: " + DROP.replace("%s", "%2$s")
                    : "It may still read its first snapshot: ./lake logs connect tells. If it does not go on by itself: ./lake"
                            + " connect restart %s. Without the connector, drop the slot: " + DROP;
            return Optional.of(new Finding(false, unread(slot), remedy.formatted(connector.name(), slot.name())));
        }
        if (slot.keptBytes() > MUCH) {
            return Optional.of(new Finding(
                    false,
                    "PostgreSQL keeps %s of WAL for replication slot %s".formatted(size(slot.keptBytes()), slot.name()),
                    "If the tables that it captures seldom change while others do, let it confirm what it has read: put"
                            + " \"heartbeat.interval.ms\": \"60000\" into connect/%s.json. Otherwise it is behind: wait."
                                    .formatted(connector.name())));
        }
        return Optional.empty();
    }

    /**
     * Slots of the same database that no connector here has; told once, with the first of its connectors. One host has several names,
     * so a slot is taken for that of a connector whose database is called the same, wherever it is.
     */
    private List<Finding> others(Answer answer, List<String> address) {
        Set<String> known = connectors.stream()
                .map(connector -> ReplicationSlot.address(secrets.resolve(connector.config())))
                .flatMap(Optional::stream)
                .filter(other -> other.get(2).equals(address.get(2)))
                .map(other -> other.get(3))
                .collect(Collectors.toSet());
        List<Finding> findings = answer.slots().stream()
                .filter(slot -> !slot.active() && !known.contains(slot.name()))
                .map(slot -> new Finding(
                        false,
                        unread(slot) + ", and no connector here has it",
                        "Drop it if no program elsewhere does: " + DROP.formatted(slot.name())))
                .toList();
        databases.put(
                address.subList(0, 3),
                new Answer(
                        answer.slots().stream()
                                .filter(slot -> slot.active() || known.contains(slot.name()))
                                .toList(),
                        answer.error()));
        return findings;
    }

    private static String unread(ReplicationSlot slot) {
        return "nobody reads replication slot %s, and PostgreSQL keeps all WAL for it: %s by now"
                .formatted(slot.name(), size(slot.keptBytes()));
    }

    /** A number of bytes for people. */
    static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        String[] units = {"kB", "MB", "GB", "TB"};
        double number = bytes;
        int unit = -1;
        while (number >= 1024 && unit < units.length - 1) {
            number /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, number < 10 ? "%.1f %s" : "%.0f %s", number, units[unit]);
    }
}
