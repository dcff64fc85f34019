package dev.igarape.cli.connect;

import dev.igarape.cli.base.TextTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The state of connectors as text. */
public final class ConnectorReport {
    private ConnectorReport() {}

    /** Prints a table, and below it what is wrong. */
    public static void print(List<ConnectorHealth> connectors, PrintWriter out) {
        TextTable table = new TextTable()
                .gap(2)
                .left("connector", 16)
                .left("class", 18)
                .left("state", 8)
                .right("tasks", 5)
                .left("slot", 16)
                .right("WAL kept", 9)
                .right("unread", 9);
        connectors.forEach(connector -> table.row(List.of(
                connector.name(),
                connector.connectorClass(),
                connector.state(),
                connector.running() + "/" + connector.tasks(),
                connector.slot().map(ReplicationSlot::name).orElse("-"),
                size(connector.slot(), ReplicationSlot::keptBytes),
                size(connector.slot(), ReplicationSlot::unreadBytes))));
        table.print(out);
        for (ConnectorHealth connector : connectors) {
            for (ConnectorHealth.Finding finding : connector.findings()) {
                out.printf(
                        "%s %s: %s%n", finding.failed() ? "FAILED" : "warning:", connector.name(), finding.problem());
                out.println("       " + finding.remedy());
            }
        }
        out.flush();
    }

    private static String size(Optional<ReplicationSlot> slot, ToLongFunction<ReplicationSlot> bytes) {
        return slot.map(known -> ConnectorChecks.size(bytes.applyAsLong(known))).orElse("-");
    }
}
