package dev.igarape.cli.faults;

import dev.igarape.model.Json;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * NameNode, DataNode and metastore as processes of their own, in the place of the one server that holds all three, on its
 * ports and data; so that one can be killed while the others live.
 */
final class StorageParts implements AutoCloseable {
    static final List<String> NAMES = List.of("namenode", "datanode", "metastore");

    private final List<String> command;
    private final Path state;
    private final Map<String, Process> running = new LinkedHashMap<>();

    private StorageParts(List<String> command, Path state) {
        this.command = command;
        this.state = state;
    }

    /** Kills the one server and starts the parts. */
    static StorageParts inPlaceOf(ProcessHandle server, Path state) throws IOException, InterruptedException {
        String line = Files.readString(Path.of("/proc", Long.toString(server.pid()), "cmdline"));
        server.destroyForcibly();
        server.onExit().join();
        StorageParts parts = new StorageParts(List.of(line.split("\0")), state);
        try {
            for (String part : NAMES) {
                parts.start(part);
            }
            parts.awaitMetastore();
            return parts;
        } catch (IOException | RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    private void start(String part) throws IOException {
        List<String> words = new ArrayList<>(command);
        words.add(part);
        File log = state.resolve("logs/storage-" + part + ".log").toFile();
        Process process = new ProcessBuilder(words)
                .directory(state.resolve("data/storage").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
        running.put(part, process);
    }

    void kill(String part) throws InterruptedException {
        Process process = running.remove(part);
        process.destroyForcibly();
        process.waitFor();
    }

    /** Starts a part that was killed. */
    void restart(String part) throws IOException {
        start(part);
        awaitMetastore();
    }

    /** The metastore listens when it has found HDFS writable; one that was not killed knows nothing of it. */
    private void awaitMetastore() throws IOException {
        int port = Json.mapper()
                .readTree(state.resolve("ports.json").toFile())
                .path("metastore")
                .asInt();
        Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> isListening(port));
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        for (Process process : List.copyOf(running.values())) {
            process.destroy();
            process.waitFor();
        }
    }
}
