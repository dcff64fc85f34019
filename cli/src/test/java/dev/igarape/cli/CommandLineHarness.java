package dev.igarape.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.e2e.LakeCommand;
import dev.igarape.model.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** {@code ./lake} inside the test's JVM. */
final class CommandLineHarness {
    private final Workspace workspace;

    CommandLineHarness(Path state) {
        this(workspace(state));
        // A test that is cut off leaves no servers behind either.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> run("down"), "down"));
    }

    private CommandLineHarness(Workspace workspace) {
        this.workspace = workspace;
    }

    /** On a stack that somebody else starts and stops. */
    static CommandLineHarness on(Path state) {
        return new CommandLineHarness(workspace(state));
    }

    private static Workspace workspace(Path state) {
        return InThisJvm.workspace(Path.of(System.getProperty("igarape.home", "..")), state);
    }

    /** What a command printed and how it ended. */
    record Outcome(int status, String out, String err) {
        JsonNode json() {
            try {
                return Json.mapper().readTree(out);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + out, e);
            }
        }
    }

    Workspace workspace() {
        return workspace;
    }

    Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        PrintWriter terminal = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        terminal.println("$ lake " + String.join(" ", arguments));
        int status;
        if (arguments[0].equals("up")) {
            synchronized (LakeCommand.START) {
                status = Lake.run(workspace, new PrintWriter(out), new PrintWriter(err), arguments);
            }
        } else {
            status = Lake.run(workspace, new PrintWriter(out), new PrintWriter(err), arguments);
        }
        terminal.println(err);
        return new Outcome(status, out.toString(), err.toString());
    }

    /** Runs a command that must succeed. */
    Outcome succeed(String... arguments) {
        Outcome outcome = run(arguments);
        if (outcome.status() != 0) {
            throw new AssertionError("lake %s ended with %d%n%s%n%s"
                    .formatted(String.join(" ", arguments), outcome.status(), outcome.out(), outcome.err()));
        }
        return outcome;
    }

    /** The rows of a query. */
    JsonNode query(String sql) {
        return succeed("query", sql, "--output", "json").json();
    }

    /** A JSON file of the state folder. */
    Map<?, ?> file(String name) {
        try {
            return Json.mapper().readValue(workspace.state().resolve(name).toFile(), Map.class);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
