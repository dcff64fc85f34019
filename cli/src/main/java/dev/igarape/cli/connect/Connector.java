package dev.igarape.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A connector as Kafka Connect has it.
 *
 * @param state {@code RUNNING}, {@code FAILED}, {@code PAUSED}, {@code STOPPED}, {@code UNASSIGNED} or {@code RESTARTING}
 * @param trace why the connector itself has failed
 */
record Connector(String name, String state, Optional<String> trace, List<Task> tasks, Map<String, String> config) {
    private static final String FAILED = "FAILED";

    Connector {
        tasks = List.copyOf(tasks);
        config = Map.copyOf(config);
    }

    /**
     * A task of a connector.
     *
     * @param trace why it has failed
     */
    record Task(int id, String state, Optional<String> trace) {
        boolean failed() {
            return state.equals(FAILED);
        }

        boolean running() {
            return state.equals("RUNNING");
        }
    }

    /** An entry of {@code GET /connectors?expand=status&expand=info}. */
    static Connector of(String name, JsonNode entry) {
        JsonNode status = entry.path("status");
        List<Task> tasks = new ArrayList<>();
        for (JsonNode task : status.path("tasks")) {
            tasks.add(new Task(task.path("id").asInt(), task.path("state").asText(), trace(task)));
        }
        Map<String, String> config = new TreeMap<>();
        entry.path("info")
                .path("config")
                .fields()
                .forEachRemaining(
                        field -> config.put(field.getKey(), field.getValue().asText()));
        JsonNode connector = status.path("connector");
        return new Connector(name, connector.path("state").asText("UNASSIGNED"), trace(connector), tasks, config);
    }

    private static Optional<String> trace(JsonNode node) {
        return Optional.of(node.path("trace").asText("")).filter(text -> !text.isBlank());
    }

    boolean failed() {
        return state.equals(FAILED) || tasks.stream().anyMatch(Task::failed);
    }

    /** Whether somebody has told it to do nothing. */
    boolean halted() {
        return stopped() || state.equals("PAUSED");
    }

    /** Whether somebody has told it to have no tasks. */
    boolean stopped() {
        return state.equals("STOPPED");
    }

    /** Whether it was stopped, and none of its tasks runs any more. */
    boolean ended() {
        return stopped() && tasks.stream().noneMatch(Task::running);
    }

    /** Why it has failed, the connector's own reason first; a reason that is still there of what runs again is over. */
    Stream<String> traces() {
        return Stream.concat(
                trace.filter(reason -> state.equals(FAILED)).stream(),
                tasks.stream().filter(Task::failed).flatMap(task -> task.trace().stream()));
    }
}
