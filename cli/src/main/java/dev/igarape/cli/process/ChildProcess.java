package dev.igarape.cli.process;

import java.io.IOException;

/** A child process that this one waits for, and that gets SIGTERM when this one does. */
public final class ChildProcess implements AutoCloseable {
    private final Process process;
    private final Thread stop;

    private ChildProcess(Process process) {
        this.process = process;
        this.stop = new Thread(process::destroy);
        try {
            Runtime.getRuntime().addShutdownHook(stop);
        } catch (IllegalStateException e) {
            // This process is being stopped already.
            process.destroy();
        }
    }

    public static ChildProcess start(ProcessBuilder builder) throws IOException {
        return new ChildProcess(builder.start());
    }

    public Process process() {
        return process;
    }

    /**
     * Waits for its end and returns its exit status.
     *
     * @throws IllegalStateException if this thread is interrupted
     */
    public int waitFor() {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Ends it if it runs. */
    @Override
    public void close() {
        process.destroy();
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException e) {
            // This process is ending already.
        }
    }
}
