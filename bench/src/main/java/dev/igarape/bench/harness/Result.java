package dev.igarape.bench.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintStream;

/** What a benchmark tells in the end. */
public interface Result {
    /** As tables for people. */
    void print(PrintStream out);

    /** Whether what was built is what had to be; if not, no time counts. */
    default boolean correct() {
        return true;
    }

    /** One line of JSON. */
    String json() throws JsonProcessingException;
}
