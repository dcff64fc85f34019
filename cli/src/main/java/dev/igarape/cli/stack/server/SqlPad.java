package dev.igarape.cli.stack.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.stack.config.Port;
import dev.igarape.model.Json;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** SQLPad, where analysts write queries for Trino; {@code cli/servers/sqlpad/serve.js} says what it is filled with. */
public final class SqlPad implements Server {
    static final String NAME = "sqlpad";
    private static final String ADMIN = "admin@lake.local";
    private final StackContext around;

    public SqlPad(StackContext around) {
        this.around = around;
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
        return around.installer().nodePackages(NAME, around.file("cli/servers/sqlpad"));
    }

    @Override
    public Daemon.Launch launch() {
        Map<String, String> variables = new HashMap<>();
        variables.put("NODE_PATH", packages().toString());
        variables.put("SQLPAD_IP", Probe.HOST);
        variables.put("SQLPAD_DB_PATH", around.workspace().data(NAME).toString());
        variables.put("SQLPAD_COOKIE_SECRET", around.credentials().secret("sqlpad-cookie"));
        variables.put("SQLPAD_PASSPHRASE", around.credentials().secret("sqlpad-passphrase"));
        variables.put("IGARAPE_SQLPAD_ADMIN", ADMIN);
        variables.put("IGARAPE_SQLPAD_PASSWORD", around.credentials().secret(NAME + "/" + ADMIN));
        variables.put("IGARAPE_TRINO_HOST", Probe.HOST);
        variables.put("IGARAPE_TRINO_PORT", Integer.toString(around.ports().of(Port.TRINO)));
        return new Daemon.Launch(
                List.of(
                        "node",
                        "--max-old-space-size=128",
                        around.file("cli/servers/sqlpad/serve.js").toString(),
                        "--port",
                        Integer.toString(around.ports().of(Port.SQLPAD))),
                variables,
                around.workspace().data(NAME),
                around.workspace().log(NAME));
    }

    @Override
    public List<Path> configuration() {
        return List.of(around.file("cli/servers/sqlpad/serve.js"));
    }

    @Override
    public boolean ready() {
        return Probe.get(around.ports().of(Port.SQLPAD), "/api/app")
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
        return Map.of("SQLPad", "http://" + Probe.HOST + ":" + around.ports().of(Port.SQLPAD));
    }
}
