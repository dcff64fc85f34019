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
 * A named process that outlives the command that started it, with all of its descendants. It runs in a session of its
 * own; a note in the state folder and a mark in the environment tell which processes belong to it, so that it is found
 * again even if the note was never written.
 */
public final class Daemon {
    private static final String STATE = "IGARAPE_STATE";
    private static final String SERVER = "IGARAPE_SERVER";
    private static final long POLL_MILLIS = 50;
    private static final long LONG_LOG = 50L << 20;

    private final String name;
    private final Path state;
    private final Path note;

    /** @param state the folder of the stack that the process belongs to; its {@code run} folder keeps the note */
    public Daemon(String name, Path state) {
        this.name = name;
        this.state = state;
        this.note = state.resolve("run").resolve(name + ".json");
    }

    /**
     * What to start.
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
     * What is written down about a started process.
     *
     * @param sessions those of its descendants, too
     */
    record Note(long pid, long started, String boot, String fingerprint, Set<Long> sessions) {}

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
            Files.createDirectories(note.getParent());
            setAside(launch.log());
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
                write(new Note(pid, entry.get().started(), ProcessTable.boot(), fingerprint, Set.of(pid)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + name, e);
        }
    }

    /** Begins a new log when the old one has grown long, and keeps just one old one. */
    private static void setAside(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LONG_LOG) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The process that was started, if it is still the same one and alive. */
    public Optional<ProcessTable.Entry> leader() {
        Optional<Note> written = readNote();
        if (written.isPresent()) {
            Optional<ProcessTable.Entry> entry = ProcessTable.find(written.get().pid())
                    .filter(found -> found.started() == written.get().started());
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

    /** Whether it was started, and is gone without having been stopped; not after the machine itself was. */
    public boolean died() {
        return readNote().isPresent() && !running();
    }

    /** What the running process was started from; empty when it is not known. */
    public Optional<String> fingerprint() {
        return readNote().filter(written -> running()).map(Note::fingerprint);
    }

    /**
     * Writes down the sessions that its processes have opened by now, so that they are found even when the process that
     * opened them is gone. Called once it is up.
     */
    public void remember() {
        readNote().ifPresent(written -> {
            Set<Long> sessions = new TreeSet<>(written.sessions());
            members().stream()
                    .filter(member -> member.pid() == member.session())
                    .forEach(leader -> sessions.add(leader.pid()));
            try {
                write(new Note(written.pid(), written.started(), written.boot(), written.fingerprint(), sessions));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /**
     * Every process that belongs to this one: those with the mark, their descendants, and all in sessions that the
     * command or a descendant opened. (Programs that rename themselves lose the mark.) A process with the mark may stand
     * in somebody else's session, that of the terminal which starts it just now, say; the others there are not ours.
     */
    public List<ProcessTable.Entry> members() {
        Optional<Note> written = readNote();
        List<String> marks = marks();
        List<ProcessTable.Entry> all = ProcessTable.all();
        Map<Long, ProcessTable.Entry> members = new TreeMap<>();
        for (ProcessTable.Entry entry : all) {
            boolean noted = written.isPresent()
                    && written.get().sessions().contains(entry.session())
                    && entry.started() >= written.get().started();
            if (noted || entry.startedWith(marks)) {
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
     * Ends the process and all that belong to it: asks first, ends by force what is left after the given time. When
     * this returns, none is left.
     */
    public void stop(Duration grace) {
        long deadline = System.nanoTime() + grace.toNanos();
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
            Files.deleteIfExists(note);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> marks() {
        return List.of(STATE + "=" + state, SERVER + "=" + name);
    }

    private Optional<Note> readNote() {
        try {
            return Optional.of(Json.mapper().readValue(Files.readAllBytes(note), Note.class))
                    .filter(written -> written.boot().equals(ProcessTable.boot()));
        } catch (IOException e) {
            // No note, or half of one: the mark in the environment finds the process.
            return Optional.empty();
        }
    }

    private void write(Note content) throws IOException {
        Path half = note.resolveSibling(note.getFileName() + ".tmp");
        Files.write(half, Json.mapper().writeValueAsBytes(content));
        Files.move(half, note, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
