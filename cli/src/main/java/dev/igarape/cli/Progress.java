package dev.igarape.cli;

import java.io.PrintWriter;

/** Tells the user what is going on, one line a step, apart from a command's result. */
@FunctionalInterface
public interface Progress {
    void step(String line);

    /** Lines on a writer; safe to use from several threads. */
    static Progress to(PrintWriter writer) {
        return line -> {
            synchronized (writer) {
                writer.println(line);
                writer.flush();
            }
        };
    }
}
