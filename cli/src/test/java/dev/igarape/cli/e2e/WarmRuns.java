package dev.igarape.cli.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A live service on the stack of {@link DemoStack}, which takes the runs of the target {@code local}: they need no JVM and Spark
 * session of their own, which would be most of a small run's time. It has one table, of which nothing comes any more. Runs on
 * other targets, and those before the first class or method with this extension, have processes of their own.
 *
 * <p>Named after {@link DemoStack}. It is started once for all that use it.
 */
public final class WarmRuns implements BeforeAllCallback, BeforeEachCallback {
    private static final LakeCommand LAKE = DemoStack.LAKE;

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot()
                .getStore(ExtensionContext.Namespace.create(WarmRuns.class))
                .computeIfAbsent(WarmRuns.class, key -> start());
    }

    /** For a method of a class that has tests without it before. */
    @Override
    public void beforeEach(ExtensionContext context) {
        beforeAll(context);
    }

    /** Starts the service. */
    private static WarmRuns start() {
        try {
            Path project = Files.createDirectories(DemoStack.STATE.resolve("warm"));
            Path pipeline = Files.createDirectories(project.resolve("pipelines/warm"));
            Files.writeString(pipeline.resolve("pipeline.yaml"), """
                    pipeline: warm
                    owner: tests
                    schedule: none
                    start_date: 2024-01-01
                    tables:
                      raw.warm:
                        landing: {files: {path: "/landing/warm/{date}/*.ndjson", format: json}}
                    """);
            WebHdfs.of(DemoStack.STATE)
                    .put("/landing/warm/2024-01-01/a.ndjson", "{\"id\": 1}\n".getBytes(StandardCharsets.UTF_8));
            LAKE.run("live", "start", "raw.warm", "--every", "1m", "--project", project.toString())
                    .succeeded();
            return new WarmRuns();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops it, for who has a service of his own. */
    static void stop() {
        LAKE.call("live", "stop").succeeded();
    }
}
