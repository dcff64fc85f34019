package dev.igarape.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.http.JsonClient;
import dev.igarape.cli.http.JsonClient.Response;
import dev.igarape.cli.http.Patience;
import dev.igarape.model.compile.diagnostic.Suggestion;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A worker of Kafka Connect, by its REST API. */
public final class KafkaConnect {
    private static final Patience PATIENCE = new Patience(Duration.ofSeconds(60), Duration.ofMillis(250));
    private static final int BUSY = 409;
    private static final int INVALID = 400;
    private static final int ERROR = 500;
    private static final String LIST_OF_ERRORS = "You can also find the above list of errors";

    private final JsonClient client;
    private final ConnectorSecrets secrets;

    /** @param secrets the folder from which the worker reads values */
    public KafkaConnect(String url, Path secrets) {
        this.client = JsonClient.to("Kafka Connect", url);
        this.secrets = new ConnectorSecrets(secrets);
    }

    /** What {@link #apply} did. */
    public enum Applied {
        CREATED,
        CHANGED,
        RESTARTED,
        UNCHANGED
    }

    /** How all connectors are, by name. */
    public List<ConnectorHealth> health() {
        return new ConnectorChecks(secrets, connectors()).all();
    }

    private List<Connector> connectors() {
        Response response = retried(() -> client.get("/connectors?expand=status&expand=info"));
        if (!response.ok()) {
            throw client.failure("list connectors", response);
        }
        Map<String, Connector> connectors = new TreeMap<>();
        response.body()
                .fields()
                .forEachRemaining(
                        entry -> connectors.put(entry.getKey(), Connector.of(entry.getKey(), entry.getValue())));
        return List.copyOf(connectors.values());
    }

    private Optional<Connector> connector(String name) {
        return connectors().stream()
                .filter(connector -> connector.name().equals(name))
                .findFirst();
    }

    /** Whether the worker has what a file says. */
    public boolean has(ConnectorFile file) {
        return connector(file.name()).filter(there -> matches(there, file)).isPresent();
    }

    /** The worker adds the name. */
    private boolean matches(Connector connector, ConnectorFile file) {
        Map<String, String> wanted = new TreeMap<>(secrets.references(file));
        wanted.put("name", file.name());
        return wanted.equals(new TreeMap<>(connector.config()));
    }

    /**
     * Makes the worker run a connector as its file says; one that runs so already is left alone.
     *
     * @throws LakeException with {@link ExitCode#DEFINITION} if the connector refuses its configuration
     */
    public Applied apply(ConnectorFile file, Properties values) {
        Optional<Properties> valuesBefore = secrets.read(file.name());
        Optional<Connector> before = connector(file.name());
        boolean pending = secrets.isPending(file.name());
        boolean others = pending || valuesBefore.filter(values::equals).isEmpty();
        // A program that ended on the way may have stopped it; one that somebody had halted before stays so.
        boolean staysHalted =
                before.filter(Connector::halted).isPresent() && (!pending || secrets.wasHalted(file.name()));
        // If this program ends before the worker has them, the next one goes on.
        secrets.pend(file.name(), staysHalted);
        secrets.write(file.name(), values);
        Applied applied = apply(file, before, others, staysHalted, () -> {
            valuesBefore.ifPresentOrElse(old -> secrets.write(file.name(), old), () -> secrets.delete(file.name()));
            if (!pending) {
                secrets.taken(file.name());
            }
        });
        secrets.taken(file.name());
        return applied;
    }

    /**
     * @param others whether the worker may have other values
     * @param undo for a configuration that is refused
     */
    private Applied apply(
            ConnectorFile file, Optional<Connector> before, boolean others, boolean staysHalted, Runnable undo) {
        if (before.filter(there -> matches(there, file)).isPresent()) {
            if (!others && !before.get().failed()) {
                return Applied.UNCHANGED;
            }
            if (staysHalted) {
                reload(file.name());
            } else {
                restart(file.name());
            }
            return Applied.RESTARTED;
        }
        if (before.isEmpty()) {
            configure(file, undo);
            return Applied.CREATED;
        }
        // What runs is stopped first. A worker starts tasks anew for some changes of a configuration and not for
        // others, so they would
        // have to be restarted, too, and start twice. A task that is stopped in the middle of its start may have made a
        // replication slot, and the next one takes this for one that has all changes since the last offset.
        boolean halted = before.get().halted();
        if (!halted && hasErrors(file)) {
            // Is refused, with the reason, while the connector goes on as it is.
            configure(file, undo);
        }
        try {
            if (!halted) {
                stop(file.name(), "apply");
            }
            configure(file, undo);
        } finally {
            if (!staysHalted) {
                resume(file.name());
            }
        }
        return Applied.CHANGED;
    }

    private boolean hasErrors(ConnectorFile file) {
        Map<String, String> config = new TreeMap<>(secrets.references(file));
        config.put("name", file.name());
        Response response = client.put(
                "/connector-plugins/" + encoded(config.getOrDefault("connector.class", "")) + "/config/validate",
                config);
        return !response.ok() || response.body().path("error_count").asInt() > 0;
    }

    private void configure(ConnectorFile file, Runnable undo) {
        Response response =
                retried(() -> client.put("/connectors/" + encoded(file.name()) + "/config", secrets.references(file)));
        if (response.status() == INVALID) {
            undo.run();
            throw new LakeException(ExitCode.DEFINITION, refusal(file, response.body()));
        }
        if (!response.ok()) {
            throw client.failure("apply " + file.path(), response);
        }
    }

    private static String refusal(ConnectorFile file, JsonNode body) {
        List<String> lines = new ArrayList<>();
        lines.add("Kafka Connect refuses " + file.path() + ":");
        body.path("message")
                .asText()
                .lines()
                .filter(line ->
                        !line.startsWith(LIST_OF_ERRORS) && !line.startsWith("Connector configuration is invalid"))
                .forEach(line -> lines.add("  " + line));
        lines.add("Mend the file, or what it names, and run ./lake connect apply " + file.name() + " again.");
        return String.join("\n", lines);
    }

    /** Restarts a connector with all of its tasks, also one that was stopped or paused; it goes on where it was. */
    public void restart(String name) {
        check(name);
        Optional<Connector> halted = connector(name).filter(Connector::halted);
        if (halted.isPresent()) {
            resume(name);
        }
        // The tasks of one that was stopped are new.
        if (halted.filter(Connector::stopped).isEmpty()) {
            reload(name);
        }
    }

    private void resume(String name) {
        Response response = retried(() -> client.put("/connectors/" + encoded(name) + "/resume", Map.of()));
        if (!response.ok()) {
            throw client.failure("resume " + name, response);
        }
    }

    /**
     * Stops a connector, and waits until its tasks have ended.
     *
     * @param command that is to be run again if they don't
     */
    private void stop(String name, String command) {
        Response response = retried(() -> client.put("/connectors/" + encoded(name) + "/stop", Map.of()));
        if (!response.ok()) {
            throw client.failure("stop " + name, response);
        }
        Optional<Connector> left = PATIENCE.ask(() -> connector(name).filter(it -> !it.ended()), Optional::isEmpty);
        if (left.isPresent()) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    "The tasks of connector %1$s have not ended within %2$d s. See ./lake logs connect, then run ./lake connect %3$s %1$s again."
                            .formatted(name, PATIENCE.time().toSeconds(), command));
        }
    }

    private void reload(String name) {
        Response response = retried(() ->
                client.post("/connectors/" + encoded(name) + "/restart?includeTasks=true&onlyFailed=false", Map.of()));
        if (!response.ok()) {
            throw client.failure("restart " + name, response);
        }
    }

    /**
     * Deletes a connector with its values and its place in the source, so that one of the same name starts anew. Its
     * replication slot stays in the database.
     */
    public void delete(String name) {
        check(name);
        String path = "/connectors/" + encoded(name);
        forgetPlace(name, path);
        Response response = retried(() -> client.delete(path));
        if (!response.ok()) {
            throw client.failure("delete " + name, response);
        }
        secrets.delete(name);
    }

    private void forgetPlace(String name, String path) {
        stop(name, "delete");
        // Refused until all of its tasks have ended; those of a sink may be in its consumer group longer, which Kafka
        // Connect tells as an error of its own.
        Response response = PATIENCE.ask(
                () -> retried(() -> client.delete(path + "/offsets")),
                answer -> answer.status() != INVALID && answer.status() != ERROR);
        if (!response.ok()) {
            throw client.failure("delete the place of " + name, response);
        }
    }

    /** Throws USAGE if there is no connector of this name. */
    public void check(String name) {
        List<String> known = connectors().stream().map(Connector::name).toList();
        if (!known.contains(name)) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "Kafka Connect has no connector '%s'%s. It has: %s."
                            .formatted(
                                    name,
                                    Suggestion.didYouMean(name, known),
                                    known.isEmpty()
                                            ? "none; ./lake connect apply makes them"
                                            : String.join(", ", known)));
        }
    }

    /** Waits until each of these connectors captures, has failed or was halted, and stays so; a minute at most. */
    public void await(Collection<String> names) {
        PATIENCE.ask(
                () -> health().stream()
                        .filter(connector -> names.contains(connector.name()))
                        .toList(),
                new Settling(names.size()));
    }

    /** While workers share out the work, they answer that they are busy. */
    private static Response retried(Supplier<Response> request) {
        return PATIENCE.ask(request, response -> response.status() != BUSY);
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
