package dev.igarape.jobs.http;

import com.fasterxml.jackson.core.JacksonException;
import dev.igarape.model.ExitCode;
import dev.igarape.model.LakeException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** GETs a URL into a file, byte for byte, trying again where that may help. */
final class HttpFetch {
    private static final int TRIES = 4;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(2);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    private final FileSystem files;
    private final Duration firstPause;

    /** @param firstPause wait before the second try; doubles with each further one */
    HttpFetch(FileSystem files, Duration firstPause) {
        this.files = files;
        this.firstPause = firstPause;
    }

    /**
     * What one GET brought.
     *
     * @param isEmptyArray whether the body is a JSON array without elements
     */
    record Fetched(long bytes, boolean isEmptyArray) {}

    /**
     * Writes the body of an answer 200 to a file and checks that it is one whole JSON text.
     *
     * @throws LakeException UNAVAILABLE if the server stays down, answers 5xx or 429, or sends bodies that break off;
     *     DEFINITION if it answers anything else but 200
     */
    Fetched get(URI url, Path file) throws IOException, InterruptedException {
        Duration pause = firstPause;
        String problem = "";
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            if (attempt > 1) {
                TimeUnit.MILLISECONDS.sleep(pause.toMillis());
                pause = pause.multipliedBy(2);
            }
            HttpResponse<byte[]> answer;
            try {
                answer = send(url);
            } catch (TimeoutException e) {
                problem = "it did not answer whole within " + ANSWER_TIMEOUT.toSeconds() + " s";
                continue;
            } catch (IOException e) {
                problem = "the answer can't be had or breaks off (" + describe(e) + ")";
                continue;
            }
            if (answer.statusCode() == 200) {
                try {
                    boolean emptyArray = JsonText.check(answer.body());
                    try (OutputStream out = files.create(file, true)) {
                        out.write(answer.body());
                    }
                    return new Fetched(answer.body().length, emptyArray);
                } catch (JacksonException e) {
                    problem = "the body is not one whole JSON text (" + e.getOriginalMessage() + ")";
                    continue;
                }
            }
            if (answer.statusCode() < 500 && answer.statusCode() != 429) {
                throw new LakeException(
                        ExitCode.DEFINITION,
                        "GET " + url + " answered " + answer.statusCode()
                                + ": the request is refused, and asking again won't help. Mend url and params of"
                                + " the landing. Nothing was committed.");
            }
            problem = "it answered " + answer.statusCode();
        }
        throw new LakeException(
                ExitCode.UNAVAILABLE,
                "GET " + url + " failed " + TRIES + " times: " + problem
                        + ". Nothing of it was committed; see that the API is up, and run again.");
    }

    /** Sends it with one deadline for head and body: the client's own timeout ends at the head. */
    private HttpResponse<byte[]> send(URI url) throws IOException, TimeoutException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(url).header("Accept", "application/json").build();
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        try {
            return answer.get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private static String describe(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
