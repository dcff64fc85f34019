package dev.igarape.cli.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.spark.Spark;
import dev.igarape.cli.stack.server.Live;
import dev.igarape.model.DateRange;
import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.handover.HandedRun;
import dev.igarape.model.job.BuildFlags;
import dev.igarape.model.job.LiveProcess;
import dev.igarape.model.job.TableResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which jobs the live service gets, and which a process of their own: a script that says so. */
final class HandedJobTest {
    private static final String BUILT = "{\"table\": \"raw.a\", \"outcome\": \"committed\"}";
    private static final String RESULT = "{\"run_id\": \"warm\", \"tables\": [" + BUILT + "]}";

    @TempDir
    private Path folder;

    private final List<HandedRun> runs = new ArrayList<>();
    private final AtomicInteger built = new AtomicInteger();
    private volatile int status = 200;
    private volatile String answer = "";
    private volatile String service = "live";
    private HttpServer server;
    private Workspace workspace;
    private Daemon daemon;
    private Job job;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/runs", exchange -> {
            runs.add(Json.mapper().readValue(exchange.getRequestBody().readAllBytes(), HandedRun.class));
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set(HandedRun.SERVICE_HEADER, service);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        workspace = new Workspace(folder, folder.resolve("state"), folder.resolve("cache"));
        LiveProcess process =
                new LiveProcess(1, "live", "127.0.0.1", server.getAddress().getPort(), "secret", List.of());
        Files.createDirectories(workspace.liveProcess().getParent());
        Json.mapper().writeValue(workspace.liveProcess().toFile(), process);
        daemon = new Daemon(Live.NAME, workspace.state());
        daemon.start(
                new Daemon.Launch(List.of("sleep", "600"), Map.of(), folder, folder.resolve("live.log")),
                "fingerprint");
        Path submit = Files.createDirectories(folder.resolve("spark/bin")).resolve("spark-submit");
        Files.writeString(submit, "#!/bin/sh\necho '{\"run_id\": \"cold\", \"tables\": []}'\n");
        Files.setPosixFilePermissions(submit, PosixFilePermissions.fromString("rwx------"));
        Path jar = Files.writeString(folder.resolve("jobs.jar"), "jar");
        Path manifest = Files.writeString(folder.resolve("manifest.json"), "{}");
        job = new Job(
                new Spark(folder.resolve("spark"), jar, workspace),
                workspace,
                manifest,
                folder.resolve("target.json"),
                false);
    }

    @AfterEach
    void stop() {
        server.stop(0);
        daemon.stop(Duration.ofSeconds(10));
    }

    @Test
    void theLiveServiceDoesARunAndItsEndIsTheRunsEnd() {
        answer = line(BUILT) + "\n" + line(RESULT) + "{\"exit\": 5}\n";
        Job.Result end = build();
        assertThat(end.status()).isEqualTo(5);
        assertThat(end.summary()).contains(RESULT);
        assertThat(built).hasValue(1);
        assertThat(runs).singleElement().satisfies(run -> {
            assertThat(run.arguments())
                    .startsWith(
                            "run", "--manifest", folder.resolve("manifest.json").toString())
                    .endsWith("--date", "2024-01-01");
            assertThat(run.jar()).startsWith("3-");
        });
    }

    @Test
    void aRunThatIsRefusedHasAProcessOfItsOwn() {
        status = 503;
        answer = "all places are taken";
        assertThat(id(build())).isEqualTo("cold");
        assertThat(runs).hasSize(1);
    }

    @Test
    void aServiceThatIsGoneTakesNothing() {
        server.stop(0);
        assertThat(id(build())).isEqualTo("cold");
    }

    @Test
    void aProgramThatHasThePortNowIsNotBelieved() {
        service = "another";
        answer = line(RESULT) + "{\"exit\": 0}\n";
        assertThat(id(build())).isEqualTo("cold");
        assertThat(built).hasValue(0);
    }

    @Test
    void nothingIsSentWhereTheServiceDoesNotRun() {
        daemon.stop(Duration.ofSeconds(10));
        assertThat(id(build())).isEqualTo("cold");
        assertThat(runs).isEmpty();
    }

    @Test
    void aServiceThatIsLostAmidARunIsAnError() {
        answer = line(BUILT);
        assertThatThrownBy(this::build)
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("was lost while it was at work on this run")
                .hasMessageContaining("run again");
    }

    private Job.Result build() {
        return job.build(
                List.of(TableName.parse("raw.a")),
                DateRange.of(LocalDate.parse("2024-01-01")),
                new BuildFlags(false, false, false, false),
                built::incrementAndGet);
    }

    private static String id(Job.Result end) {
        return end.tables(TableResult.class).orElseThrow().runId();
    }

    private static String line(String text) {
        return "{\"out\": \"" + text.replace("\"", "\\\"") + "\"}\n";
    }
}
