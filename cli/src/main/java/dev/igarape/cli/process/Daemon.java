package dev.igarape.cli.process;

import dev.igarape.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A background process that outlives the command that started it, with all of its descendants. It runs in a session of
 * its own. A record in the state folder and two variables in its environment tell which processes belong to it, so that it
 * is found even if the record was never written.
 */
public final class Daemon {
    private static final String STATE = "IGARAPE_STATE";
    private static final String SERVER = "IGARAPE_SERVER";
    private static final long POLL_MILLIS = 50;
    private static final long MAX_LOG_BYTES = 50L << 20;

    private final String name;
    private final Path state;
    private final Path file;

    /** @param state the folder of the stack that the process belongs to; its {@code run} folder keeps the record */
    public Daemon(String name, Path state) {
        this.name = name;
        this.state = state;
        this.file = state.resolve("run").resolve(name + ".json");
    }

    /**
     * A command to start.
     *
     * @param environment added to the command's own environment
     * @param log where output goes, appended
     */
    public record Launch(List<String> command, Map<String, String> environment, Path directory, Path log) {
        public Launch {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }
    }

    /**
     * The record of a started process.
     *
     * @param sessions the sessions of the process and of its descendants
     */
    record ProcessRecord(long pid, long started, String boot, String fingerprint, Set<Long> sessions) {}

    /**
     * Starts the process.
     *
     * @param fingerprint says what it was started from, see {@link #fingerprint()}
     */
    public void start(Launch launch, String fingerprint) {
        List<String> command = new ArrayList<>();
        command.add("setsid");
        command.addAll(launch.command());
        try {
            Files.createDirectories(launch.directory());
            Files.createDirectories(launch.log().getParent());
            Files.createDirectories(file.getParent());
            rotate(launch.log());
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(launch.directory().toFile())
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(launch.log().toFile()));
            builder.environment().putAll(launch.environment());
            builder.environment().put(STATE, state.toString());
            builder.environment().put(SERVER, name);
            long pid = builder.start().pid();
            Optional<ProcessTable.Entry> entry = ProcessTable.find(pid);
            if (entry.isPresent()) {
                write(new ProcessRecord(pid, entry.get().started(), ProcessTable.boot(), fingerprint, Set.of(pid)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + name, e);
        }
    }

    /** Rotates a log that has grown too long; keeps one old log. */
    private static void rotate(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The process that was started, if it still runs. */
    public Optional<ProcessTable.Entry> leader() {
        Optional<ProcessRecord> recorded = readRecord();
        if (recorded.isPresent()) {
            Optional<ProcessTable.Entry> entry = ProcessTable.find(
                            recorded.get().pid())
                    .filter(found -> found.started() == recorded.get().started());
            if (entry.isPresent()) {
                return entry;
            }
        }
        return ProcessTable.all().stream()
                .filter(entry -> entry.pid() == entry.session() && entry.startedWith(marks()))
                .findFirst();
    }

    public boolean running() {
        return leader().isPresent();
    }

    /** Whether it has ended without having been stopped; a restart of the machine does not count. */
    public boolean died() {
        return readRecord().isPresent() && !running();
    }

    /** What the running process was started from; empty when it is not known. */
    public Optional<String> fingerprint() {
        return readRecord().filter(recorded -> running()).map(ProcessRecord::fingerprint);
    }

    /**
     * Records the sessions that its processes have opened by now, so that they are found even when the process that opened
     * them has ended. Called once it is ready.
     */
    public void recordSessions() {
        readRecord().ifPresent(recorded -> {
            Set<Long> sessions = new TreeSet<>(recorded.sessions());
            members().stream()
                    .filter(member -> member.pid() == member.session())
                    .forEach(leader -> sessions.add(leader.pid()));
            try {
                write(new ProcessRecord(
                        recorded.pid(), recorded.started(), recorded.boot(), recorded.fingerprint(), sessions));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /**
     * All processes that belong to this one: those with its variables in their environment, their descendants, and those in
     * sessions that the command or a descendant opened. (Programs that rename themselves lose the variables.) While it is
     * being started, a process with the variables may still be in the session of the terminal, whose other processes are
     * not ours.
     */
    public List<ProcessTable.Entry> members() {
        Optional<ProcessRecord> recorded = readRecord();
        List<String> marks = marks();
        List<ProcessTable.Entry> all = ProcessTable.all();
        Map<Long, ProcessTable.Entry> members = new TreeMap<>();
        for (ProcessTable.Entry entry : all) {
            boolean recordedSession = recorded.isPresent()
                    && recorded.get().sessions().contains(entry.session())
                    && entry.started() >= recorded.get().started();
            if (recordedSession || entry.startedWith(marks)) {
                members.put(entry.pid(), entry);
            }
        }
        int before;
        do {
            before = members.size();
            for (ProcessTable.Entry entry : all) {
                if (members.containsKey(entry.session()) || members.containsKey(entry.parent())) {
                    members.put(entry.pid(), entry);
                }
            }
        } while (members.size() > before);
        return List.copyOf(members.values());
    }

    /**
     * Stops the process and all that belong to it: with SIGTERM, and with SIGKILL those that are left after the timeout.
     * When this returns, none is left.
     */
    public void stop(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        List<ProcessTable.Entry> members = members();
        members.forEach(ProcessTable.Entry::terminate);
        while (!members.isEmpty()) {
            if (System.nanoTime() > deadline) {
                members.forEach(ProcessTable.Entry::kill);
            }
            pause();
            members = members();
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> marks() {
        return List.of(STATE + "=" + state, SERVER + "=" + name);
    }

    private Optional<ProcessRecord> readRecord() {
        try {
            return Optional.of(Json.mapper().readValue(Files.readAllBytes(file), ProcessRecord.class))
                    .filter(recorded -> recorded.boot().equals(ProcessTable.boot()));
        } catch (IOException e) {
            // No record, or half of one: the variables in the environment find the process.
            return Optional.empty();
        }
    }

    private void write(ProcessRecord content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.write(temporary, Json.mapper().writeValueAsBytes(content));
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while stopping", e);
        }
    }
}
