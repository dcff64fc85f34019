package dev.igarape.cli.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The process table, as {@code /proc} shows it; zombies count as ended. */
public final class ProcessTable {
    /** On the machines that the servers run on, x86-64 and 64-bit ARM with their usual kernels. */
    private static final long PAGE_BYTES = 4096;

    private static final Path PROC = Path.of("/proc");

    private ProcessTable() {}

    /**
     * A process; the time of its start tells it from a later one with the same number.
     *
     * @param parent number of the process that started it, or of the one that took over
     * @param session number of the session's first process
     * @param started clock ticks between the machine's start and the process's
     */
    public record Entry(long pid, long parent, long session, long started) {
        /** Whether the environment that the process was started with holds all of these {@code NAME=value} pairs. */
        public boolean startedWith(List<String> pairs) {
            try {
                String environment =
                        new String(Files.readAllBytes(PROC.resolve(pid + "/environ")), StandardCharsets.UTF_8);
                return Arrays.asList(environment.split("\0")).containsAll(pairs);
            } catch (IOException e) {
                return false;
            }
        }

        public boolean alive() {
            return find(pid).filter(found -> found.started == started).isPresent();
        }

        /** Its resident memory, including what it shares with others; 0 when it has ended. */
        public long residentBytes() {
            try {
                String[] pages = Files.readString(PROC.resolve(pid + "/statm")).split(" ");
                return Long.parseLong(pages[1]) * PAGE_BYTES;
            } catch (IOException e) {
                return 0;
            }
        }

        /** Sends SIGTERM. */
        public void terminate() {
            if (alive()) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
            }
        }

        /** Sends SIGKILL. */
        public void kill() {
            if (alive()) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    /** The id of the machine's boot, since process numbers and start times begin anew with each. */
    public static String boot() {
        try {
            return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Optional<Entry> find(long pid) {
        String line;
        try {
            line = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return Optional.empty();
        }
        // The second field, the command's name in parentheses, may itself contain spaces and parentheses.
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        // While other threads of a dead first thread are still ending, its files and ports are still open.
        boolean ended = fields[0].equals("X") || fields[0].equals("Z") && Integer.parseInt(fields[17]) <= 1;
        return ended
                ? Optional.empty()
                : Optional.of(new Entry(
                        pid, Long.parseLong(fields[1]), Long.parseLong(fields[3]), Long.parseLong(fields[19])));
    }

    public static List<Entry> all() {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path folder : folders) {
                find(Long.parseLong(folder.getFileName().toString())).ifPresent(entries::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }
}
