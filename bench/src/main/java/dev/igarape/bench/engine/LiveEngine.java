package dev.igarape.bench.engine;

import dev.igarape.bench.command.SparkSubmit;
import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.bench.stream.ClickTopic;
import dev.igarape.bench.stream.Engine;
import dev.igarape.bench.stream.WindowsTable;
import dev.igarape.model.Json;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.job.LiveProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The live service, started as {@code ./lake live start} does.
 *
 * @param every as its option
 */
public record LiveEngine(
        String name, SparkSubmit submit, ScratchTarget scratch, Path folder, ClickTables tables, String every)
        implements Engine {
    @Override
    public Running start(ClickTopic topic) throws Exception {
        scratch.clear();
        Path manifest = tables.manifest(submit.manifest(), topic.name(), folder);
        Path state = folder.resolve(topic.name() + ".process.json");
        List<String> arguments = List.of(
                "--name",
                "igarape-live",
                "--conf",
                "spark.eventLog.enabled=false",
                "--driver-memory",
                "2g",
                "--class",
                JobCommand.MAIN_CLASS,
                submit.jar().toString(),
                JobCommand.LIVE.commandName(),
                JobOption.MANIFEST,
                manifest.toString(),
                JobOption.TARGET,
                scratch.file().toString(),
                JobOption.TABLES,
                ClickTables.names(),
                JobOption.EVERY,
                every,
                JobOption.STATE_FILE,
                state.toString());
        HttpClient http = HttpClient.newHttpClient();
        EngineProcess process = EngineProcess.start(
                submit.process(arguments), folder.resolve(topic.name() + ".log"), () -> isReady(http, state));
        return new RunningService(process, scratch, tables);
    }

    private static boolean isReady(HttpClient http, Path state) throws IOException, InterruptedException {
        if (!Files.exists(state)) {
            return false;
        }
        int port = Json.mapper().readValue(state.toFile(), LiveProcess.class).port();
        HttpRequest health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                .build();
        return http.send(health, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    }

    private record RunningService(EngineProcess process, ScratchTarget scratch, ClickTables tables) implements Running {
        @Override
        public WindowsTable table() {
            return tables.windows(scratch);
        }

        @Override
        public double cpuSeconds() throws IOException {
            return process.cpuSeconds();
        }

        @Override
        public long commits() throws IOException {
            return ClickTables.commits(scratch);
        }

        @Override
        public void close() throws Exception {
            process.close();
            scratch.clear();
        }
    }
}
