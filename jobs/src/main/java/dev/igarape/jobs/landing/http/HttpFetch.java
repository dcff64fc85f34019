package dev.igarape.jobs.landing.http;

import com.fasterxml.jackson.core.JacksonException;
import dev.igarape.jobs.storage.JsonText;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Downloads a URL into a file and retries where that may help. The response is decompressed and validated while it is
 * written, so that memory does not grow with it.
 */
final class HttpFetch {
    private static final int MAX_ATTEMPTS = 4;

    /** Number of first bytes that show a Unicode encoding or compression. */
    private static final int HEAD = 4;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    private final FileSystem files;
    private final Limits limits;

    HttpFetch(FileSystem files, Limits limits) {
        this.files = files;
        this.limits = limits;
    }

    /**
     * Retry and size limits.
     *
     * @param firstPause wait before the second attempt; doubles with each further one
     * @param timeout for the whole response including its body
     * @param mostBytes larger responses are rejected
     */
    record Limits(Duration firstPause, Duration timeout, long mostBytes) {
        /** The size limit is what Spark can read as one row, since a text without line breaks is one. */
        static final Limits USUAL = new Limits(Duration.ofSeconds(1), Duration.ofMinutes(2), 1L << 30);
    }

    /**
     * Result of a download.
     *
     * @param isEmptyArray whether the body is a JSON array without elements
     */
    record Fetched(long bytes, boolean isEmptyArray) {}

    /**
     * Writes the body of a response with status 200 to a file and checks that it is one complete JSON text in UTF-8. On
     * failure no file is left. The body is decompressed, and a byte order mark is removed, because readers would not
     * accept the text with it as JSON.
     *
     * @throws LakeException UNAVAILABLE if the server stays down, answers 5xx or 429, or sends incomplete bodies;
     *     DEFINITION if it answers any other status but 200, too many bytes, or another encoding
     * @throws IOException if the file can't be written
     */
    Fetched get(URI url, Path file) throws IOException, InterruptedException {
        Duration pause = limits.firstPause();
        String problem = "";
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            if (attempt > 1) {
                TimeUnit.MILLISECONDS.sleep(pause.toMillis());
                pause = pause.multipliedBy(2);
            }
            HttpResponse<ResponseBody> response;
            try {
                response = send(url);
            } catch (FailedResponse e) {
                problem = e.getMessage();
                continue;
            }
            try (ResponseBody body = response.body()) {
                if (response.statusCode() == 200) {
                    return save(url, response, file);
                }
                if (response.statusCode() < 500 && response.statusCode() != 429) {
                    throw new LakeException(
                            ExitCode.DEFINITION,
                            "GET " + url + " answered " + response.statusCode()
                                    + ": the request is refused, and asking again won't help. Mend url and params of"
                                    + " the landing. Nothing was committed.");
                }
                problem = "it answered " + response.statusCode();
            } catch (FailedResponse e) {
                problem = e.getMessage();
            } catch (JacksonException e) {
                problem = "the body is not one whole JSON text (" + e.getOriginalMessage() + ")";
            }
        }
        throw new LakeException(
                ExitCode.UNAVAILABLE,
                "GET " + url + " failed " + MAX_ATTEMPTS + " times: " + problem
                        + ". Nothing of it was committed; see that the API is up, and run again.");
    }

    /**
     * Returns when the headers have arrived. The body gets the same deadline, because the client's own timeout ends at
     * the headers.
     */
    private HttpResponse<ResponseBody> send(URI url) throws FailedResponse, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(url).header("Accept", "application/json").build();
        long deadline = System.nanoTime() + limits.timeout().toNanos();
        CompletableFuture<HttpResponse<ResponseBody>> response =
                client.sendAsync(request, head -> new ResponseBody(limits.timeout(), deadline));
        try {
            return response.get(limits.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw FailedResponse.timedOut(limits.timeout());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw FailedResponse.failed(io);
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            response.cancel(true);
        }
    }

    private Fetched save(URI url, HttpResponse<ResponseBody> response, Path file) throws IOException {
        try {
            return copy(url, response.body(), file);
        } catch (CharacterCodingException e) {
            delete(file, e);
            throw notUtf8(url, response, e);
        } catch (IOException | RuntimeException e) {
            delete(file, e);
            throw e;
        }
    }

    private void delete(Path file, Exception failure) {
        try {
            files.delete(file, false);
        } catch (IOException left) {
            // No commit refers to the file, and the first failure says more than this one.
            failure.addSuppressed(left);
        }
    }

    private static LakeException notUtf8(URI url, HttpResponse<ResponseBody> response, CharacterCodingException cause) {
        StringBuilder headers = new StringBuilder();
        for (String header : List.of("Content-Type", "Content-Encoding")) {
            response.headers()
                    .firstValue(header)
                    .ifPresent(value -> headers.append(" (")
                            .append(header)
                            .append(": ")
                            .append(value)
                            .append(")"));
        }
        return new LakeException(
                ExitCode.DEFINITION,
                "GET " + url + " answers in another encoding than UTF-8, which JSON has to be in" + headers
                        + ". Ask the API for UTF-8, or have its answers written to a folder and land these as files with"
                        + " their `encoding`. Nothing of it was committed.",
                cause);
    }

    private Fetched copy(URI url, ResponseBody body, Path file) throws IOException {
        try (OutputStream out = files.create(file, true)) {
            PushbackInputStream text = new PushbackInputStream(decompressed(body), HEAD);
            skipMark(text);
            CopyingStream copying = new CopyingStream(url, text, out);
            boolean isEmptyArray = JsonText.check(new InputStreamReader(copying, StandardCharsets.UTF_8.newDecoder()));
            return new Fetched(copying.bytes, isEmptyArray);
        }
    }

    /** The body, decompressed if it is gzip; some servers compress unasked, and exported files often are. */
    private static InputStream decompressed(ResponseBody body) throws IOException {
        PushbackInputStream in = new PushbackInputStream(body, HEAD);
        byte[] head = in.readNBytes(HEAD);
        in.unread(head);
        boolean gzip = head.length == HEAD && head[0] == 0x1f && head[1] == (byte) 0x8b && head[2] == 8;
        return gzip ? new GzipBody(in) : in;
    }

    /** A gzip body; a damaged one is retried. */
    private static final class GzipBody extends FilterInputStream {
        GzipBody(InputStream compressed) throws IOException {
            super(compressed);
            try {
                in = new GzipCompressorInputStream(compressed, true);
            } catch (FailedResponse e) {
                throw e;
            } catch (IOException e) {
                throw FailedResponse.failed(e);
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                return in.read(into, offset, length);
            } catch (FailedResponse e) {
                throw e;
            } catch (IOException e) {
                throw FailedResponse.failed(e);
            }
        }
    }

    /**
     * Skips UTF-8's byte order mark. UTF-16 and UTF-32 are recognised by their marks or by zero bytes around ASCII, and
     * rejected.
     */
    private static void skipMark(PushbackInputStream text) throws IOException {
        byte[] head = text.readNBytes(HEAD);
        boolean zeros = false;
        for (byte b : head) {
            zeros |= b == 0;
        }
        if (zeros) {
            throw new MalformedInputException(head.length);
        }
        int mark = JsonText.byteOrderMark(head);
        text.unread(head, mark, head.length - mark);
    }

    /** Copies what is read from the body to the file. */
    private final class CopyingStream extends InputStream {
        private final URI url;
        private final InputStream body;
        private final OutputStream out;
        private long bytes;

        CopyingStream(URI url, InputStream body, OutputStream out) {
            this.url = url;
            this.body = body;
            this.out = out;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = body.read(into, offset, length);
            if (count > 0) {
                bytes += count;
                if (bytes > limits.mostBytes()) {
                    throw new LakeException(
                            ExitCode.DEFINITION,
                            "GET " + url + " answers with more than " + limits.mostBytes()
                                    + " bytes, which is more than can"
                                    + " be read as a row. Ask for less at once, by params or pages of the landing."
                                    + " Nothing of it was committed.");
                }
                out.write(into, offset, count);
            }
            return count;
        }
    }
}
