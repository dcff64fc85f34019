package dev.igarape.cli.doctor;

import dev.igarape.cli.stack.LocalStack;
import dev.igarape.cli.stack.Port;
import dev.igarape.cli.stack.Ports;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** How the servers are, and whether those that do not run would find their ports free. */
public final class Health {
    private Health() {}

    public static List<Check> checks(List<LocalStack.State> states, Ports ports) {
        List<Check> checks = new ArrayList<>();
        states.forEach(state -> checks.add(server(state)));
        Set<String> running = states.stream()
                .filter(state -> !state.addresses().isEmpty())
                .map(LocalStack.State::name)
                .collect(Collectors.toSet());
        Arrays.stream(Port.values())
                .filter(port -> !running.contains(port.server()))
                .forEach(port -> checks.add(port(port, ports)));
        return checks;
    }

    private static Check server(LocalStack.State state) {
        String name = state.name();
        return switch (state.condition()) {
            case READY -> Check.passed(Check.Area.STACK, name, "answers");
            case STOPPED -> Check.passed(Check.Area.STACK, name, "is not started");
            case STARTING ->
                Check.failed(
                        Check.Area.STACK,
                        name,
                        "runs but does not answer",
                        "If it is not just starting: ./lake logs %s, then ./lake down and ./lake up.".formatted(name));
            case DIED ->
                Check.failed(
                        Check.Area.STACK,
                        name,
                        "has ended by itself",
                        "See why, then start it again: ./lake logs %s; ./lake up".formatted(name));
        };
    }

    /** A taken port is no fault: {@code up} takes the next one. */
    private static Check port(Port port, Ports ports) {
        int number = ports.next(port);
        return Check.passed(
                Check.Area.STACK,
                "Port " + port.label(),
                ports.free(number) ? number + " is free" : number + " is taken; ./lake up uses the next free one");
    }
}
