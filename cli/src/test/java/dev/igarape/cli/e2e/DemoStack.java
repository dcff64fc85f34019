package dev.igarape.cli.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.query.Format;
import dev.igarape.cli.query.TrinoQuery;
import dev.igarape.model.Json;
import dev.igarape.model.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The stack that the demo leaves: made once for all classes that use it, and stopped at the end of all tests; the last of
 * the classes stops it before, so that it disturbs no others.
 */
final class DemoStack implements BeforeAllCallback {
    static final Path HOME =
            Path.of(System.getProperty("igarape.home", "..")).toAbsolutePath().normalize();
    static final Path STATE = HOME.resolve("cli/target/e2e");
    static final LakeCommand LAKE = new LakeCommand(HOME, STATE);

    private static String printed;

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot()
                .getStore(ExtensionContext.Namespace.create(DemoStack.class))
                .computeIfAbsent(Running.class, key -> Running.start(), Running.class);
    }

    /** What the demo printed. */
    static String printed() {
        return printed;
    }

    static Target target() throws IOException {
        return Json.mapper().readValue(Files.readString(STATE.resolve("target.json")), Target.class);
    }

    /** Trino's answer as {@code ./lake query --output json} gives it, without the start of a program. */
    static List<JsonNode> query(String sql) throws IOException {
        StringWriter json = new StringWriter();
        Format.JSON.write(new TrinoQuery(target()).ask(sql), new PrintWriter(json, true));
        List<JsonNode> rows = new ArrayList<>();
        Json.mapper().readTree(json.toString()).forEach(rows::add);
        return rows;
    }

    /** Closed by JUnit at the end of all tests. */
    private record Running() implements AutoCloseable {
        private static Running start() {
            Running running = new Running();
            try {
                printed = LAKE.run("demo").succeeded().out();
                return running;
            } catch (IOException e) {
                running.close();
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            } catch (AssertionError e) {
                running.close();
                throw e;
            }
        }

        @Override
        public void close() {
            try {
                LAKE.run("down").succeeded();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
