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
 * GETs a URL into a file, byte for byte but for compression and a byte order mark, trying again where that may help. An
 * answer is checked and written as it comes in, so that memory does not grow with it.
 */
final class HttpFetch {
    private static final int TRIES = 4;

    /** Bytes that show which encoding of Unicode an answer is in. */
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
     * What is waited for, and how much is taken.
     *
     * @param firstPause wait before the second try; doubles with each further one
     * @param timeout within which an answer is there with its whole body
     * @param mostBytes larger answers are refused
     */
    record Limits(Duration firstPause, Duration timeout, long mostBytes) {
        /** An answer may be as large as what Spark can still take as one row, which a text without line breaks is. */
        static final Limits USUAL = new Limits(Duration.ofSeconds(1), Duration.ofMinutes(2), 1L << 30);
    }

    /**
     * What one GET brought.
     *
     * @param isEmptyArray whether the body is a JSON array without elements
     */
    record Fetched(long bytes, boolean isEmptyArray) {}

    /**
     * Writes the body of an answer 200 to a file and checks that it is one whole JSON text in UTF-8. Where it is not, or
     * none comes, there is no file. It is decompressed; a byte order mark before the text is left out: readers would take
     * it for a part of the text, which then is no JSON.
     *
     * @throws LakeException UNAVAILABLE if the server stays down, answers 5xx or 429, or sends bodies that break off;
     *     DEFINITION if it answers anything else but 200, too much, or in another encoding
     * @throws IOException if the file can't be written
     */
    Fetched get(URI url, Path file) throws IOException, InterruptedException {
        Duration pause = limits.firstPause();
        String problem = "";
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            if (attempt > 1) {
                TimeUnit.MILLISECONDS.sleep(pause.toMillis());
                pause = pause.multipliedBy(2);
            }
            HttpResponse<ResponseBody> answer;
            try {
                answer = send(url);
            } catch (BadResponse e) {
                problem = e.getMessage();
                continue;
            }
            try (ResponseBody body = answer.body()) {
                if (answer.statusCode() == 200) {
                    return keep(url, answer, file);
                }
                if (answer.statusCode() < 500 && answer.statusCode() != 429) {
                    throw new LakeException(
                            ExitCode.DEFINITION,
                            "GET " + url + " answered " + answer.statusCode()
                                    + ": the request is refused, and asking again won't help. Mend url and params of"
                                    + " the landing. Nothing was committed.");
                }
                problem = "it answered " + answer.statusCode();
            } catch (BadResponse e) {
                problem = e.getMessage();
            } catch (JacksonException e) {
                problem = "the body is not one whole JSON text (" + e.getOriginalMessage() + ")";
            }
        }
        throw new LakeException(
                ExitCode.UNAVAILABLE,
                "GET " + url + " failed " + TRIES + " times: " + problem
                        + ". Nothing of it was committed; see that the API is up, and run again.");
    }

    /** Gives the head; what comes behind it has the same deadline, where the client's own timeout ends at the head. */
    private HttpResponse<ResponseBody> send(URI url) throws BadResponse, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(url).header("Accept", "application/json").build();
        long deadline = System.nanoTime() + limits.timeout().toNanos();
        CompletableFuture<HttpResponse<ResponseBody>> answer =
                client.sendAsync(request, head -> new ResponseBody(limits.timeout(), deadline));
        try {
            return answer.get(limits.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw BadResponse.late(limits.timeout());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw BadResponse.broken(io);
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private Fetched keep(URI url, HttpResponse<ResponseBody> answer, Path file) throws IOException {
        try {
            return copy(url, answer.body(), file);
        } catch (CharacterCodingException e) {
            delete(file, e);
            throw notUtf8(url, answer, e);
        } catch (IOException | RuntimeException e) {
            delete(file, e);
            throw e;
        }
    }

    private void delete(Path file, Exception failure) {
        try {
            files.delete(file, false);
        } catch (IOException left) {
            // No commit names it; the failure itself says more than this one.
            failure.addSuppressed(left);
        }
    }

    private static LakeException notUtf8(URI url, HttpResponse<ResponseBody> answer, CharacterCodingException cause) {
        StringBuilder said = new StringBuilder();
        for (String header : List.of("Content-Type", "Content-Encoding")) {
            answer.headers()
                    .firstValue(header)
                    .ifPresent(value -> said.append(" (")
                            .append(header)
                            .append(": ")
                            .append(value)
                            .append(")"));
        }
        return new LakeException(
                ExitCode.DEFINITION,
                "GET " + url + " answers in another encoding than UTF-8, which JSON has to be in" + said
                        + ". Ask the API for UTF-8, or have its answers written to a folder and land these as files with"
                        + " their `encoding`. Nothing of it was committed.",
                cause);
    }

    private Fetched copy(URI url, ResponseBody body, Path file) throws IOException {
        try (OutputStream out = files.create(file, true)) {
            PushbackInputStream text = new PushbackInputStream(unpacked(body), HEAD);
            skipMark(text);
            Copied copied = new Copied(url, text, out);
            boolean isEmptyArray = JsonText.check(new InputStreamReader(copied, StandardCharsets.UTF_8.newDecoder()));
            return new Fetched(copied.bytes, isEmptyArray);
        }
    }

    /** The body as it is, or decompressed where it is gzip, as some servers answer unasked, and as exported files are. */
    private static InputStream unpacked(ResponseBody body) throws IOException {
        PushbackInputStream in = new PushbackInputStream(body, HEAD);
        byte[] head = in.readNBytes(HEAD);
        in.unread(head);
        boolean gzip = head.length == HEAD && head[0] == 0x1f && head[1] == (byte) 0x8b && head[2] == 8;
        return gzip ? new Unpacked(in) : in;
    }

    /** A compressed body; a damaged one is worth another try. */
    private static final class Unpacked extends FilterInputStream {
        Unpacked(InputStream packed) throws IOException {
            super(packed);
            try {
                in = new GzipCompressorInputStream(packed, true);
            } catch (BadResponse e) {
                throw e;
            } catch (IOException e) {
                throw BadResponse.broken(e);
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
            } catch (BadResponse e) {
                throw e;
            } catch (IOException e) {
                throw BadResponse.broken(e);
            }
        }
    }

    /** Reads UTF-8's byte order mark if there is one; UTF-16 and UTF-32 show in a mark or in zeros around ASCII. */
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

    /** Writes what is read of a body. */
    private final class Copied extends InputStream {
        private final URI url;
        private final InputStream body;
        private final OutputStream out;
        private long bytes;

        Copied(URI url, InputStream body, OutputStream out) {
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
