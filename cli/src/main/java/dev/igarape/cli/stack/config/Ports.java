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
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * Which port each server listens on. Kept in a file, so that a port stays the same for as long as nobody else takes it;
 * a taken one is replaced by the next free one.
 */
public final class Ports {
    /** How far from its usual number a port may be shifted. */
    private static final int REACH = 2000;

    private final Path file;
    private final IntPredicate free;
    private final Map<String, Integer> numbers;

    private Ports(Path file, IntPredicate free, Map<String, Integer> numbers) {
        this.file = file;
        this.free = free;
        this.numbers = numbers;
    }

    /** Ports as the file has them; none when there is no file yet. */
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
     * Chooses the ports of servers that are about to start, and says which are not the usual ones any more. Ports of
     * running servers stay as they are, also when another process has chosen them since this one read the file. One
     * process at a time may choose.
     *
     * @param running names of the servers whose ports must not move
     */
    public void choose(Set<String> running, Progress progress) {
        read();
        Set<Integer> given = new HashSet<>();
        for (Port port : Port.values()) {
            if (running.contains(port.server()) && numbers.containsKey(port.label())) {
                given.add(numbers.get(port.label()));
            }
        }
        for (Port port : Port.values()) {
            if (running.contains(port.server()) && numbers.containsKey(port.label())) {
                continue;
            }
            int wanted = numbers.getOrDefault(port.label(), port.usual());
            int number = firstFree(port, wanted, given);
            if (number != wanted) {
                progress.step("Port %d of %s is taken; using %d".formatted(wanted, port.label(), number));
            }
            given.add(number);
            numbers.put(port.label(), number);
        }
        save();
    }

    private int firstFree(Port port, int wanted, Set<Integer> given) {
        for (int number = wanted; number < wanted + REACH; number++) {
            if (!given.contains(number) && free.test(number)) {
                return number;
            }
        }
        throw new LakeException(
                ExitCode.UNAVAILABLE,
                "No free port for %s between %d and %d. Stop what listens there."
                        .formatted(port.label(), wanted, wanted + REACH));
    }

    /** The number of a port that has been chosen. */
    public int of(Port port) {
        Integer number = numbers.get(port.label());
        if (number == null) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE, "The local stack has never been started here. Run: ./lake up");
        }
        return number;
    }

    /** The number that {@code choose} tries first. */
    public int next(Port port) {
        return numbers.getOrDefault(port.label(), port.usual());
    }

    /** Whether nobody listens there. */
    public boolean free(int number) {
        return free.test(number);
    }

    private void save() {
        try {
            Files.createDirectories(file.getParent());
            Path half = file.resolveSibling(file.getFileName() + ".tmp");
            Files.write(half, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(numbers));
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether nobody listens on this port, on any address. */
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
