package dev.igarape.jobs.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.ExitCode;
import dev.igarape.model.LakeException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that sends exactly the bytes it is told to, whole or broken. */
@Timeout(600)
final class HttpFetchTest {
    private static final String WHOLE = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n[1, 2]\r\n";

    @TempDir
    private Path folder;

    private final Deque<String> answers = new ArrayDeque<>();
    private final AtomicInteger requests = new AtomicInteger();
    private ServerSocket server;
    private HttpFetch fetch;

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve);
        thread.setDaemon(true);
        thread.start();
        fetch = new HttpFetch(FileSystem.getLocal(new Configuration()), Duration.ofMillis(1));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void keepsEveryByte() throws Exception {
        answers.add(WHOLE);
        assertThat(get().bytes()).isEqualTo(8);
        assertThat(Files.readString(folder.resolve("page"))).isEqualTo("[1, 2]\r\n");
    }

    @Test
    void triesAgainAfterServerErrorsAndBrokenBodies() throws Exception {
        answers.add("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
        answers.add("HTTP/1.1 200 OK\r\nContent-Length: 800\r\n\r\n[1,");
        answers.add("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[1, 2");
        answers.add(WHOLE);
        assertThat(get().bytes()).isEqualTo(8);
        assertThat(requests).hasValue(4);
    }

    @Test
    void givesUpOnAServerThatKeepsFailing() {
        for (int i = 0; i < 4; i++) {
            answers.add("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
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
            answers.add("HTTP/1.1 200 OK\r\nContent-Length: 800\r\n\r\n[1,");
        }
        assertThatThrownBy(this::get)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE))
                .hasMessageContaining("breaks off");
        assertThat(folder.resolve("page")).doesNotExist();
    }

    @Test
    void doesNotRepeatARequestThatIsRefused() {
        answers.add("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
        assertThatThrownBy(this::get)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("answered 404");
        assertThat(requests).hasValue(1);
    }

    @Test
    void tellsAnEmptyPage() throws Exception {
        answers.add("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[ ]");
        assertThat(get().isEmptyArray()).isTrue();
        answers.add(WHOLE);
        assertThat(get().isEmptyArray()).isFalse();
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
                OutputStream out = socket.getOutputStream();
                out.write(answers.remove().getBytes(StandardCharsets.US_ASCII));
                out.flush();
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
