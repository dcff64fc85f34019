package dev.igarape.cli.stack.config;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.igarape.cli.base.Progress;
import dev.igarape.model.Json;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * The port numbers of the servers. They are kept in a file, so that a port stays the same for as long as no other program
 * takes it; then it is replaced by the next free one.
 */
public final class Ports {
    /** How far a port may be moved from its number. */
    private static final int RANGE = 2000;

    private final Path file;
    private final IntPredicate free;
    private final Map<String, Integer> numbers;

    private Ports(Path file, IntPredicate free, Map<String, Integer> numbers) {
        this.file = file;
        this.free = free;
        this.numbers = numbers;
    }

    /** Loads the ports of a file; none when there is no file yet. */
    public static Ports load(Path file) {
        return load(file, Ports::isFree);
    }

    static Ports load(Path file, IntPredicate free) {
        Ports ports = new Ports(file, free, new TreeMap<>());
        ports.read();
        return ports;
    }

    private void read() {
        if (Files.exists(file)) {
            try {
                numbers.putAll(Json.mapper().readValue(file.toFile(), new TypeReference<Map<String, Integer>>() {}));
            } catch (IOException e) {
                throw new LakeException(
                        ExitCode.USAGE,
                        "Cannot read %s: %s. Delete it; ports are chosen again.".formatted(file, e.getMessage()),
                        e);
            }
        }
    }

    /**
     * Chooses the ports of servers that are about to start, and reports those that have moved. Ports of running servers
     * stay as they are, also when another process has chosen them since this one read the file. One process at a time may
     * choose.
     *
     * @param wanted the ports of all servers
     * @param running names of the groups of servers whose ports must not move
     */
    public void choose(List<NodePort> wanted, Set<String> running, Progress progress) {
        read();
        Set<Integer> taken = new HashSet<>();
        for (NodePort port : wanted) {
            if (isKept(port, running)) {
                taken.add(numbers.get(port.label()));
            }
        }
        for (NodePort port : wanted) {
            if (isKept(port, running)) {
                continue;
            }
            int preferred = next(port);
            int number = firstFree(port, preferred, taken);
            if (number != preferred) {
                progress.step("Port %d of %s is taken; using %d".formatted(preferred, port.label(), number));
            }
            taken.add(number);
            numbers.put(port.label(), number);
        }
        save();
    }

    private boolean isKept(NodePort port, Set<String> running) {
        return running.contains(port.port().group()) && numbers.containsKey(port.label());
    }

    private int firstFree(NodePort port, int preferred, Set<Integer> taken) {
        for (int number = preferred; number < preferred + RANGE; number++) {
            if (!taken.contains(number) && free.test(number)) {
                return number;
            }
        }
        throw new LakeException(
                ExitCode.UNAVAILABLE,
                "No free port for %s between %d and %d. Stop what listens there."
                        .formatted(port.label(), preferred, preferred + RANGE));
    }

    /** The number of a port that has been chosen; of the first node that has one. */
    public int of(Port port) {
        return of(port, 1);
    }

    /** The number of a node's port that has been chosen. */
    public int of(Port port, int node) {
        Integer number = numbers.get(new NodePort(port, node).label());
        if (number == null) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE, "The local stack has never been started here. Run: ./lake up");
        }
        return number;
    }

    /** The number that {@code choose} tries first. */
    public int next(NodePort port) {
        return numbers.getOrDefault(port.label(), port.defaultNumber());
    }

    /** Whether no program listens on it. */
    public boolean free(int number) {
        return free.test(number);
    }

    private void save() {
        try {
            Files.createDirectories(file.getParent());
            Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
            Files.write(
                    temporary, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(numbers));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether no program listens on this port, on any address. */
    private static boolean isFree(int number) {
        try (ServerSocket all = new ServerSocket()) {
            all.setReuseAddress(true);
            all.bind(new InetSocketAddress(number));
            return loopbackIsFree(all, number);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean loopbackIsFree(ServerSocket probe, int number) throws IOException {
        probe.close();
        try (ServerSocket loopback = new ServerSocket()) {
            loopback.setReuseAddress(true);
            loopback.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), number));
            return true;
        }
    }
}
