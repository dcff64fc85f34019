package dev.igarape.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.model.Json;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** The option {@code --output}, for commands whose results people and programs read. */
public final class OutputOption {
    /** The format of a result. */
    enum Output {
        TABLE,
        JSON
    }

    /** Writes a result for people. */
    @FunctionalInterface
    public interface Text {
        void print(PrintWriter out);
    }

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Output output;

    public boolean isJson() {
        return output == Output.JSON;
    }

    /** Writes the value as JSON, nothing else, or the text. */
    public void print(PrintWriter out, Object value, Text text) {
        if (isJson()) {
            out.println(json(value));
        } else {
            text.print(out);
        }
        out.flush();
    }

    /** Writes JSON as it came from the jobs, in one line, or the text. */
    public void printJson(PrintWriter out, String json, Text text) {
        if (isJson()) {
            out.println(json);
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
