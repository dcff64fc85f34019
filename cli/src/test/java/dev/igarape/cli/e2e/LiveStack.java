package dev.igarape.cli.e2e;

import dev.igarape.model.Json;
import dev.igarape.model.job.LiveProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The live service of a running stack, asked over HTTP. */
final class LiveStack {
    private static final Pattern DONE =
            Pattern.compile("^igarape_live_runs_total\\{result=\"done\"\\} ([0-9]+)", Pattern.MULTILINE);

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;

    /** @param state the stack's state folder */
    LiveStack(Path state) throws IOException {
        this.port = Json.mapper()
                .readValue(state.resolve("data/live/process.json").toFile(), LiveProcess.class)
                .port();
    }

    /** What it tells Prometheus. */
    String metrics() throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    /** How many runs were handed to it and have succeeded. */
    int runs() throws IOException, InterruptedException {
        Matcher done = DONE.matcher(metrics());
        return done.find() ? Integer.parseInt(done.group(1)) : 0;
    }
}
