package dev.igarape.cli.base;

import java.io.PrintWriter;

/** Tells the user what is going on, apart from a command's result. Safe to use from several threads. */
@FunctionalInterface
public interface Progress {
    /** A line about a step. */
    void step(String line);

    /**
     * Shows how far a long piece of work has come, until closed; nothing where nobody would see it.
     *
     * @param parts how many there are to do
     */
    default Bar bar(String work, long parts) {
        return () -> {};
    }

    /** How far a piece of work has come. */
    @FunctionalInterface
    interface Bar extends AutoCloseable {
        /** One part more is done. */
        void advance();

        @Override
        default void close() {}
    }

    /** One line a step, no bars. */
    static Progress to(PrintWriter writer) {
        return line -> {
            synchronized (writer) {
                writer.println(line);
                writer.flush();
            }
        };
    }
}
