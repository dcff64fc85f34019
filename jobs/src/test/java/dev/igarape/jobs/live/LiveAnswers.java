package dev.igarape.jobs.live;

import dev.igarape.jobs.lake.Caller;
import dev.igarape.jobs.warm.RunPool;
import dev.igarape.jobs.warm.Work;
import dev.igarape.model.handover.HandedRun;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** What a live service answers over HTTP; it takes no runs. */
final class LiveAnswers implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final RunPool runs;
    private final LiveServer server;

    LiveAnswers(LiveService service, SparkSession session, PrometheusMeterRegistry meters) {
        Work none = new Work() {
            @Override
            public Optional<String> refusal(HandedRun run) {
                return Optional.of("none here");
            }

            @Override
            public Ended run(HandedRun run, Caller caller, PrintWriter out, PrintWriter err) {
                throw new AssertionError("all are refused");
            }
        };
        runs = new RunPool(0, none, session.sparkContext(), Clock.systemUTC(), meters, () -> {});
        server = LiveServer.start("127.0.0.1", 0, service, runs, "", meters);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        server.close();
        runs.close();
    }
}
