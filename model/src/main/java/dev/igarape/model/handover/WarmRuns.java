package dev.igarape.model.handover;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.model.Json;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.LiveProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** The client that hands runs to a live service. */
public final class WarmRuns {
    /** The environment variable that keeps runs in processes of their own. */
    public static final String COLD = "IGARAPE_COLD";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** A service that is silent for so long stands still: it sends something every second while a run is at work. */
    private static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(30);

    private final Path stateFile;
    private final Path jar;
    private final Map<String, String> environment;
    private final Consumer<String> reasons;

    /**
     * @param stateFile where a live service says how to reach it; it need not be there
     * @param jar the jobs' jar that would run otherwise
     * @param environment the caller's
     * @param reasons told why a run is not handed over
     */
    public WarmRuns(Path stateFile, Path jar, Map<String, String> environment, Consumer<String> reasons) {
        this.stateFile = stateFile;
        this.jar = jar;
        this.environment = Map.copyOf(environment);
        this.reasons = reasons;
    }

    /**
     * Hands a run over and waits for its end. Ending this process cancels it.
     *
     * @param arguments the jar's command line
     * @param manifest the definitions that it names
     * @param out gets each line of standard output
     * @param err gets each line of standard error
     * @return its exit code; empty if no service has taken the run, or one has given it up: it is to be done by a process of its own
     * @throws LakeException UNAVAILABLE if the service is lost while the run is at work
     */
    public OptionalInt run(List<String> arguments, Path manifest, Consumer<String> out, Consumer<String> err) {
        if (!environment.getOrDefault(COLD, "").isEmpty() || RunVariables.injectFaults(environment)) {
            reasons.accept("the environment asks for a process of its own");
            return OptionalInt.empty();
        }
        HttpURLConnection connection;
        try {
            LiveProcess service = Json.mapper().readValue(Files.readAllBytes(stateFile), LiveProcess.class);
            HandedRun run = new HandedRun(
                    HandedRun.fingerprint(jar), arguments, RunVariables.of(environment, Files.readString(manifest)));
            connection = connect(service, run);
        } catch (IOException e) {
            // No service, one that is gone, or one of another version.
            reasons.accept(e.toString());
            return OptionalInt.empty();
        }
        try {
            return follow(connection, out, err);
        } catch (IOException e) {
            String how = e instanceof SocketTimeoutException ? "stands still" : "was lost";
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    "The live service " + how
                            + " while it was at work on this run. What is committed stays committed; see"
                            + " ./lake logs live, and run again: without the service the run gets a process of its own.",
                    e);
        } finally {
            connection.disconnect();
        }
    }

    /** Sends the run; an IOException if the service does not take it. */
    private static HttpURLConnection connect(LiveProcess service, HandedRun run) throws IOException {
        URI address = URI.create("http://" + service.host() + ":" + service.port() + "/runs");
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
        connection.setReadTimeout((int) SILENCE_TIMEOUT.toMillis());
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Authorization", "Bearer " + service.token());
        connection.setRequestProperty("Content-Type", "application/json");
        byte[] body = Json.mapper().writeValueAsBytes(run);
        // Otherwise a request that gets no answer would be sent a second time.
        connection.setFixedLengthStreamingMode(body.length);
        try (OutputStream sink = connection.getOutputStream()) {
            sink.write(body);
        }
        int status = connection.getResponseCode();
        if (status != HttpURLConnection.HTTP_OK) {
            throw new IOException("refused with " + status + ": " + reason(connection));
        }
        if (!service.runId().equals(connection.getHeaderField(HandedRun.SERVICE_HEADER))) {
            connection.disconnect();
            throw new IOException("port " + service.port() + " is not the service's any more");
        }
        return connection;
    }

    private static String reason(HttpURLConnection connection) throws IOException {
        try (InputStream body = connection.getErrorStream()) {
            return body == null ? "no reason given" : new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    private static OptionalInt follow(HttpURLConnection connection, Consumer<String> out, Consumer<String> err)
            throws IOException {
        try (BufferedReader answer =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = answer.readLine(); line != null; line = answer.readLine()) {
                if (line.isEmpty()) {
                    continue;
                }
                RunOutput output = read(line);
                output.out().ifPresent(out);
                output.err().ifPresent(err);
                if (output.exit().isPresent()) {
                    return OptionalInt.of(output.exit().get());
                }
                if (output.moved().isPresent()) {
                    err.accept(output.moved().get());
                    return OptionalInt.empty();
                }
            }
            throw new IOException("the answer has no end");
        }
    }

    private static RunOutput read(String line) throws IOException {
        try {
            return Json.mapper().readValue(line, RunOutput.class);
        } catch (JsonProcessingException e) {
            throw new IOException("the answer has a line that is no part of it", e);
        }
    }
}
