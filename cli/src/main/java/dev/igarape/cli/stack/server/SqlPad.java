package dev.igarape.cli.stack.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.stack.config.Port;
import dev.igarape.model.Json;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * SQLPad, a web editor for Trino queries; {@code cli/servers/sqlpad/serve.js} sets up its login, connection and
 * queries.
 */
public final class SqlPad implements Server {
    static final String NAME = "sqlpad";
    private static final String ADMIN = "admin@lake.local";
    private final StackContext context;

    public SqlPad(StackContext context) {
        this.context = context;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void install() {
        packages();
    }

    private Path packages() {
        return context.installer().nodePackages(NAME, context.file("cli/servers/sqlpad"));
    }

    @Override
    public Daemon.Launch launch() {
        Map<String, String> variables = new HashMap<>();
        variables.put("NODE_PATH", packages().toString());
        variables.put("SQLPAD_IP", Probe.HOST);
        variables.put("SQLPAD_DB_PATH", context.workspace().data(NAME).toString());
        variables.put("SQLPAD_COOKIE_SECRET", context.credentials().secret("sqlpad-cookie"));
        variables.put("SQLPAD_PASSPHRASE", context.credentials().secret("sqlpad-passphrase"));
        variables.put("IGARAPE_SQLPAD_ADMIN", ADMIN);
        variables.put("IGARAPE_SQLPAD_PASSWORD", context.credentials().secret(NAME + "/" + ADMIN));
        variables.put("IGARAPE_TRINO_HOST", Probe.HOST);
        variables.put("IGARAPE_TRINO_PORT", Integer.toString(context.ports().of(Port.TRINO)));
        return new Daemon.Launch(
                List.of(
                        "node",
                        "--max-old-space-size=128",
                        context.file("cli/servers/sqlpad/serve.js").toString(),
                        "--port",
                        Integer.toString(context.ports().of(Port.SQLPAD))),
                variables,
                context.workspace().data(NAME),
                context.workspace().log(NAME));
    }

    @Override
    public List<Path> configuration() {
        return List.of(context.file("cli/servers/sqlpad/serve.js"));
    }

    @Override
    public boolean ready() {
        return Probe.get(context.ports().of(Port.SQLPAD), "/api/app")
                .filter(SqlPad::isSqlPad)
                .isPresent();
    }

    private static boolean isSqlPad(String body) {
        try {
            return Json.mapper().readTree(body).has("adminRegistrationOpen");
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    @Override
    public Map<String, String> addresses() {
        return Map.of("SQLPad", "http://" + Probe.HOST + ":" + context.ports().of(Port.SQLPAD));
    }
}
