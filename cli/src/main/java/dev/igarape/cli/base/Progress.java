package dev.igarape.cli.base;

import java.io.PrintWriter;

/** Progress messages for the user, apart from a command's result. Safe to use from several threads. */
@FunctionalInterface
public interface Progress {
    /** Shows a line about a step. */
    void step(String line);

    /**
     * Shows a progress bar until it is closed; nothing where there is no terminal.
     *
     * @param parts how many parts the work has
     */
    default Bar bar(String work, long parts) {
        return () -> {};
    }

    /** A progress bar. */
    @FunctionalInterface
    interface Bar extends AutoCloseable {
        /** Counts one part more as done. */
        void advance();

        @Override
        default void close() {}
    }

    /** Progress as one line a step, without bars. */
    static Progress to(PrintWriter writer) {
        return line -> {
            synchronized (writer) {
                writer.println(line);
                writer.flush();
            }
        };
    }
}
