package dev.igarape.bench.stream;

/** A way to keep the windows of a topic's clicks up to date in a table. */
public interface Engine {
    String name();

    /** Starts it on a topic, with an empty table, and returns when it is ready for the first click. */
    Running start(ClickTopic topic) throws Exception;

    /** An engine at work; stopped when closed, with its table deleted. */
    interface Running extends AutoCloseable {
        WindowsTable table();

        /** The CPU time in seconds that it has taken so far; where it is at something that ends, after that. */
        double cpuSeconds() throws Exception;

        /** How many commits it has made in all of its tables; 0 where it has none. */
        long commits() throws Exception;
    }
}
