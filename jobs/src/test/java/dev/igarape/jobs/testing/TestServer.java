package dev.igarape.jobs.testing;

/** A server that the classes of a JVM share, one class after the other. */
interface TestServer extends AutoCloseable {
    /** Removes what a class has made on it, so that the next one finds it as it was started. */
    void clear();

    @Override
    void close();
}
