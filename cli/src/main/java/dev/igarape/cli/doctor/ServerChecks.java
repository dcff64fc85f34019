package dev.igarape.cli.doctor;

import dev.igarape.cli.connect.ConnectorHealth;
import dev.igarape.cli.stack.LocalStack;
import dev.igarape.cli.stack.config.NodePort;
import dev.igarape.cli.stack.config.Ports;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks whether the servers answer, and whether the ports of stopped ones are free. */
public final class ServerChecks {
    private ServerChecks() {}

    /** @param wanted the ports of all servers */
    public static List<HealthCheck> checks(List<LocalStack.ServerStatus> servers, List<NodePort> wanted, Ports ports) {
        List<HealthCheck> checks = new ArrayList<>();
        servers.forEach(server -> checks.add(server(server)));
        Set<String> running = servers.stream()
                .filter(server -> !server.addresses().isEmpty())
                .map(LocalStack.ServerStatus::group)
                .collect(Collectors.toSet());
        wanted.stream()
                .filter(port -> !running.contains(port.port().group()))
                .forEach(port -> checks.add(port(port, ports)));
        return checks;
    }

    /** One check for each connector. */
    public static List<HealthCheck> connectors(List<ConnectorHealth> connectors) {
        return connectors.stream().map(ServerChecks::connector).toList();
    }

    private static HealthCheck connector(ConnectorHealth connector) {
        String name = "Connector " + connector.name();
        return connector.findings().stream()
                .filter(ConnectorHealth.Finding::failed)
                .findFirst()
                .map(finding -> HealthCheck.failed(HealthCheck.Area.STACK, name, finding.problem(), finding.remedy()))
                .orElseGet(() -> HealthCheck.passed(HealthCheck.Area.STACK, name, state(connector)));
    }

    /** Its state, and what somebody must look at though it has not failed. */
    private static String state(ConnectorHealth connector) {
        StringBuilder text = new StringBuilder("is " + connector.state().toLowerCase(Locale.ROOT));
        connector
                .findings()
                .forEach(finding ->
                        text.append("; ").append(finding.problem()).append(". ").append(finding.remedy()));
        return text.toString();
    }

    private static HealthCheck server(LocalStack.ServerStatus server) {
        String name = server.name();
        return switch (server.condition()) {
            case READY -> HealthCheck.passed(HealthCheck.Area.STACK, name, "answers");
            case STOPPED -> HealthCheck.passed(HealthCheck.Area.STACK, name, "is not started");
            case STARTING ->
                HealthCheck.failed(
                        HealthCheck.Area.STACK,
                        name,
                        "runs but does not answer",
                        "If it is not just starting: ./lake logs %s, then ./lake down and ./lake up.".formatted(name));
            case DIED ->
                HealthCheck.failed(
                        HealthCheck.Area.STACK,
                        name,
                        "has ended by itself",
                        "See why, then start it again: ./lake logs %s; ./lake up".formatted(name));
        };
    }

    /** A port in use is no failure: {@code up} takes the next one. */
    private static HealthCheck port(NodePort port, Ports ports) {
        int number = ports.next(port);
        return HealthCheck.passed(
                HealthCheck.Area.STACK,
                "Port " + port.label(),
                ports.free(number) ? number + " is free" : number + " is taken; ./lake up uses the next free one");
    }
}
