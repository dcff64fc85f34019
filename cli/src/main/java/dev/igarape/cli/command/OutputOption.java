package dev.igarape.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.model.Json;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** {@code --output}, for commands that tell something to people and to programs. */
public final class OutputOption {
    /** For whom. */
    enum Output {
        TABLE,
        JSON
    }

    /** Writes for people. */
    @FunctionalInterface
    public interface Text {
        void print(PrintWriter out);
    }

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Output output;

    /** Writes the value as JSON, nothing else, or the text. */
    public void print(PrintWriter out, Object value, Text text) {
        if (output == Output.JSON) {
            out.println(json(value));
        } else {
            text.print(out);
        }
        out.flush();
    }

    private static String json(Object value) {
        try {
            return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
