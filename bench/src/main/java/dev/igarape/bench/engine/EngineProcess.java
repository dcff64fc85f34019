package dev.igarape.bench.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A process that stays until it is closed; it ends with this one, too. */
final class EngineProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration STOP = Duration.ofSeconds(80);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final double NANOS = 1e9;

    private final Process process;
    private final Path log;
    private final Thread hook;

    private EngineProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.hook = new Thread(process::destroyForcibly);
    }

    /**
     * Starts it, and waits until it is ready.
     *
     * @param log gets its output
     */
    static EngineProcess start(ProcessBuilder builder, Path log, Callable<Boolean> ready) throws Exception {
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        EngineProcess engine = new EngineProcess(builder.start(), log);
        Runtime.getRuntime().addShutdownHook(engine.hook);
        long deadline = System.nanoTime() + START.toNanos();
        while (!ready.call()) {
            if (!engine.process.isAlive() || System.nanoTime() > deadline) {
                engine.close();
                throw new IllegalStateException("An engine did not start: " + builder.command() + "\n" + text(log));
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
        return engine;
    }

    private static String text(Path log) throws IOException {
        return Files.readString(log);
    }

    /** CPU time so far, in seconds. */
    double cpuSeconds() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("An engine has ended by itself. Its output:\n" + text(log));
        }
        return process.info().totalCpuDuration().orElseThrow().toNanos() / NANOS;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        Runtime.getRuntime().removeShutdownHook(hook);
    }
}
