package dev.igarape.jobs.landing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a server that sends exactly the bytes it is told to, whole or broken. */
@Timeout(600)
final class HttpFetchTest {
    private static final String WHOLE = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n[1, 2]\r\n";

    private static final HttpFetch.Limits LIMITS =
            new HttpFetch.Limits(Duration.ofMillis(1), Duration.ofMinutes(1), 1L << 30);

    @TempDir
    private Path folder;

    private final Deque<Answer> answers = new ArrayDeque<>();
    private final AtomicInteger requests = new AtomicInteger();
    private ServerSocket server;
    private HttpFetch fetch;

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve);
        thread.setDaemon(true);
        thread.start();
        fetch = new HttpFetch(FileSystem.getLocal(new Configuration()), LIMITS);
    }

    /** What the server does with a request, whose head it has read. */
    private interface Answer {
        void send(Socket socket) throws IOException;
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void keepsEveryByte() throws Exception {
        answer(WHOLE);
        assertThat(get().bytes()).isEqualTo(8);
        assertThat(Files.readString(folder.resolve("page"))).isEqualTo("[1, 2]\r\n");
    }

    /** jackson-core#458: from_json gives no rows for a text with a byte order mark before it. */
    @Test
    void keepsAnAnswerWithoutItsByteOrderMark() throws Exception {
        answer("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", "\uFEFF[{\"id\": \"é\"}]", StandardCharsets.UTF_8);
        assertThat(get().bytes()).isEqualTo(Files.size(folder.resolve("page"))).isEqualTo(14);
        assertThat(Files.readString(folder.resolve("page"))).isEqualTo("[{\"id\": \"é\"}]");
        answer("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", "\uFEFF[]", StandardCharsets.UTF_8);
        assertThat(get().isEmptyArray()).isTrue();
        answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
        assertThat(get().bytes()).isEqualTo(1);
    }

    @Test
    void keepsACompressedAnswerAsText() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write("\uFEFF[{\"id\": 1}]".getBytes(StandardCharsets.UTF_8));
        }
        String head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n";
        answers.add(socket -> {
            socket.getOutputStream().write(ascii(head));
            socket.getOutputStream().write(packed.toByteArray(), 0, packed.size() - 9);
        });
        answers.add(socket -> {
            socket.getOutputStream().write(ascii(head));
            socket.getOutputStream().write(packed.toByteArray());
        });
        assertThat(get().bytes()).isEqualTo(11);
        assertThat(Files.readString(folder.resolve("page"))).isEqualTo("[{\"id\": 1}]");
        assertThat(requests).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"iso-8859-1", "utf-16", "utf-16le", "utf-16be", "utf-32", "windows-1252"})
    void refusesAnswersInAnotherEncoding(String encoding) {
        answer(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=" + encoding
                        + "\r\nConnection: close\r\n\r\n",
                "[{\"id\": \"é\"}]",
                Charset.forName(encoding));
        assertThatThrownBy(this::get)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("in another encoding than UTF-8")
                .hasMessageContaining("charset=" + encoding)
                .hasMessageContaining("land these as files with their `encoding`");
        assertThat(requests).hasValue(1);
        assertThat(folder.resolve("page")).doesNotExist();
    }

    @Test
    void triesAgainAfterServerErrorsAndBrokenBodies() throws Exception {
        answer("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
        answer("HTTP/1.1 200 OK\r\nContent-Length: 800\r\n\r\n[1,");
        answer("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[1, 2");
        answer(WHOLE);
        assertThat(get().bytes()).isEqualTo(8);
        assertThat(requests).hasValue(4);
    }

    @Test
    void givesUpOnAServerThatKeepsFailing() {
        for (int i = 0; i < 4; i++) {
            answer("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
        }
        assertThatThrownBy(this::get)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE))
                .hasMessageContaining("failed 4 times: it answered 503")
                .hasMessageContaining("Nothing of it was committed");
        assertThat(folder.resolve("page")).doesNotExist();
    }

    @Test
    void givesUpOnBodiesThatBreakOff() {
        for (int i = 0; i < 4; i++) {
            answer("HTTP/1.1 200 OK\r\nContent-Length: 800\r\n\r\n[1,");
        }
        assertThatThrownBy(this::get)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE))
                .hasMessageContaining("breaks off");
        assertThat(folder.resolve("page")).doesNotExist();
    }

    @Test
    void doesNotRepeatARequestThatIsRefused() {
        answer("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
        assertThatThrownBy(this::get)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("answered 404");
        assertThat(requests).hasValue(1);
    }

    @Test
    void tellsAnEmptyPage() throws Exception {
        answer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[ ]");
        assertThat(get().isEmptyArray()).isTrue();
        answer(WHOLE);
        assertThat(get().isEmptyArray()).isFalse();
    }

    @Test
    void triesAgainWhereAnAnswerStandsStill() throws Exception {
        fetch = new HttpFetch(
                FileSystem.getLocal(new Configuration()),
                new HttpFetch.Limits(Duration.ofMillis(1), Duration.ofSeconds(1), 100));
        answers.add(socket -> {
            socket.getOutputStream().write(ascii("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n[1,"));
            assertThat(socket.getInputStream().read()).isNegative();
        });
        answer(WHOLE);
        assertThat(get().bytes()).isEqualTo(8);
        assertThat(requests).hasValue(2);
    }

    @Test
    void refusesAnAnswerThatNoRowCanHold() throws Exception {
        fetch = new HttpFetch(
                FileSystem.getLocal(new Configuration()),
                new HttpFetch.Limits(Duration.ofMillis(1), Duration.ofMinutes(1), 7));
        answer(WHOLE);
        assertThatThrownBy(this::get)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("answers with more than 7 bytes")
                .hasMessageContaining("pages of the landing");
        assertThat(requests).hasValue(1);
        assertThat(folder.resolve("page")).doesNotExist();
    }

    @Test
    void takesNoMoreFromTheServerThanItHasWritten() throws Exception {
        byte[] element = ascii(" ".repeat(1 << 16) + "0,");
        int elements = 2_000;
        AtomicLong sent = new AtomicLong();
        CRC32 sum = new CRC32();
        answers.add(socket -> {
            OutputStream out = new CheckedOutputStream(socket.getOutputStream(), sum);
            socket.getOutputStream().write(ascii("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"));
            out.write('[');
            for (int i = 0; i < elements; i++) {
                out.write(element);
                sent.addAndGet(element.length);
            }
            out.write(ascii("0]"));
        });
        CountingFiles files = new CountingFiles(sent);
        fetch = new HttpFetch(files, LIMITS);

        long whole = (long) elements * element.length + 3;
        assertThat(get().bytes()).isEqualTo(whole).isEqualTo(files.written);
        assertThat(files.sum.getValue()).isEqualTo(sum.getValue());
        // What is under way is in the buffers of both sockets.
        assertThat(files.behind).isLessThan(whole / 2);
    }

    /** Keeps nothing of what is written, but tells how far that was ever behind what a server had sent. */
    private static final class CountingFiles extends FilterFileSystem {
        private final AtomicLong sent;
        private final CRC32 sum = new CRC32();
        private long written;
        private long behind;

        CountingFiles(AtomicLong sent) throws IOException {
            super(FileSystem.getLocal(new Configuration()));
            this.sent = sent;
        }

        @Override
        public FSDataOutputStream create(
                org.apache.hadoop.fs.Path file,
                FsPermission permission,
                boolean overwrite,
                int buffer,
                short replication,
                long block,
                Progressable progress)
                throws IOException {
            return new FSDataOutputStream(
                    new OutputStream() {
                        @Override
                        public void write(int one) {
                            write(new byte[] {(byte) one}, 0, 1);
                        }

                        @Override
                        public void write(byte[] bytes, int from, int length) {
                            behind = Math.max(behind, sent.get() - written);
                            sum.update(bytes, from, length);
                            written += length;
                        }
                    },
                    null);
        }
    }

    private void answer(String text) {
        answers.add(socket -> socket.getOutputStream().write(ascii(text)));
    }

    private void answer(String head, String body, Charset charset) {
        answers.add(socket -> {
            socket.getOutputStream().write(ascii(head));
            socket.getOutputStream().write(body.getBytes(charset));
        });
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private HttpFetch.Fetched get() throws IOException, InterruptedException {
        return fetch.get(
                URI.create("http://127.0.0.1:" + server.getLocalPort() + "/x"),
                new org.apache.hadoop.fs.Path(folder.resolve("page").toUri()));
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                while (!endsHead(socket)) {
                    // The request has no body: its head is all there is to read.
                }
                requests.incrementAndGet();
                answers.remove().send(socket);
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** Reads a line of the request; true at the empty one. */
    private static boolean endsHead(Socket socket) throws IOException {
        int length = 0;
        int read = socket.getInputStream().read();
        while (read != '\n' && read >= 0) {
            length += read == '\r' ? 0 : 1;
            read = socket.getInputStream().read();
        }
        return length == 0;
    }
}
