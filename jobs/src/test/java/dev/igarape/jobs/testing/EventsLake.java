package dev.igarape.jobs.testing;

import com.sun.net.httpserver.HttpServer;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Definition;
import dev.igarape.model.Expectation;
import dev.igarape.model.Input;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A lake of events: an HTTP API whose answer a test sets, landed as {@code raw.events}, checked as {@code
 * trusted.events}, counted as {@code gold.counts}.
 */
public final class EventsLake implements AutoCloseable {
    public static final TableName RAW = TableName.parse("raw.events");
    public static final TableName TRUSTED = TableName.parse("trusted.events");
    public static final TableName GOLD = TableName.parse("gold.counts");
    public static final String BODY = """
            [{"user":"ana","kind":"click"},{"user":"bia","kind":"view"},{"user":"caio","kind":"bogus"},{"user":null,"kind":"click"}]""";

    private static final AtomicInteger LAKES = new AtomicInteger();

    private final LocalLake local;
    private final String prefix = "e" + LAKES.incrementAndGet() + "_";
    private final HttpServer server;
    private volatile String body = BODY;

    public EventsLake(LocalLake local) throws IOException {
        this.local = local;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    /** What the API answers from now on, whatever the date. */
    public void answer(String json) {
        body = json;
    }

    public String prefix() {
        return prefix;
    }

    /** The lake for one run of these tables. */
    public Lake open(Table... tables) throws IOException {
        return open(Clock.systemUTC(), Step.Listener.NONE, tables);
    }

    /** Likewise, at another time and told of its steps. */
    public Lake open(Clock clock, Step.Listener steps, Table... tables) throws IOException {
        Map<String, String> variables =
                Map.of("API", "http://127.0.0.1:" + server.getAddress().getPort());
        return local.lake(prefix, Map.of(), Map.of(), variables, clock, steps, tables);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    public static Table[] tables() {
        return new Table[] {raw(), trusted(), gold()};
    }

    public static Table raw() {
        Source source = new Source.Http("${API}/events", Map.of("date", "{date}"), "json", Optional.empty());
        return new Table(RAW, "", new LandingDefinition(source), Map.of(), List.of(), List.of(), "forever", "raw");
    }

    public static Table trusted(Expectation... more) {
        List<Expectation> expectations = new ArrayList<>(List.of(
                new Expectation("known", "kind IN ('click', 'view')", Expectation.Action.QUARANTINE),
                new Expectation("has_user", "user IS NOT NULL", Expectation.Action.DROP)));
        expectations.addAll(List.of(more));
        return table(
                TRUSTED,
                new DailyDefinition("SELECT e.user, e.kind FROM raw.events LATERAL VIEW"
                        + " explode(from_json(body, 'array<struct<user:string,kind:string>>')) t AS e"),
                Map.of(),
                RAW,
                expectations);
    }

    public static Table gold() {
        return table(
                GOLD,
                new DailyDefinition("SELECT kind, count(*) AS events FROM trusted.events GROUP BY kind"),
                Map.of("kind", "string", "events", "bigint"),
                TRUSTED,
                List.of());
    }

    /** A table that reads another one; its hash differs where its definition does. */
    public static Table table(
            TableName name,
            Definition definition,
            Map<String, String> columns,
            TableName input,
            List<Expectation> expectations) {
        String hash = Integer.toHexString((name + definition.toString() + expectations).hashCode());
        return new Table(name, "", definition, columns, List.of(new Input(input, 0)), expectations, "forever", hash);
    }
}
