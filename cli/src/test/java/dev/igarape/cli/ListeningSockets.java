package dev.igarape.cli;

import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.process.ProcessTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Where the servers of a stack listen for TCP connections, as {@code /proc/net/tcp} shows it; see proc(5). */
public final class ListeningSockets {
    private static final String LISTEN = "0A";

    private ListeningSockets() {}

    /**
     * The addresses on which all processes of each running server listen, by the server's name.
     *
     * @param state the stack's
     */
    public static Map<String, Set<InetAddress>> byServer(Path state) throws IOException {
        Map<String, InetAddress> sockets = all();
        Map<String, Set<InetAddress>> servers = new TreeMap<>();
        try (DirectoryStream<Path> records = Files.newDirectoryStream(state.resolve("run"), "*.json")) {
            for (Path file : records) {
                String name = file.getFileName().toString().replace(".json", "");
                Daemon server = new Daemon(name, state);
                if (server.running()) {
                    Set<InetAddress> addresses = servers.computeIfAbsent(name, none -> new HashSet<>());
                    for (ProcessTable.Entry process : server.members()) {
                        Set<String> open = openFiles(process.pid());
                        sockets.forEach((socket, address) -> {
                            if (open.contains(socket)) {
                                addresses.add(address);
                            }
                        });
                    }
                }
            }
        }
        return servers;
    }

    /** Of all processes, by what a process has as a file. */
    private static Map<String, InetAddress> all() throws IOException {
        Map<String, InetAddress> sockets = new HashMap<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            if (Files.exists(Path.of(table))) {
                for (String line : Files.readAllLines(Path.of(table))) {
                    String[] fields = line.strip().split("\\s+");
                    if (fields[3].equals(LISTEN)) {
                        sockets.put("socket:[" + fields[9] + "]", address(fields[1].replaceFirst(":.*", "")));
                    }
                }
            }
        }
        return sockets;
    }

    /** Each four bytes of an address are written as a number of the machine's, the lowest byte first. */
    private static InetAddress address(String hex) throws UnknownHostException {
        byte[] numbers = HexFormat.of().parseHex(hex);
        byte[] address = new byte[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            address[i] = numbers[i / 4 * 4 + 3 - i % 4];
        }
        return InetAddress.getByAddress(address);
    }

    /** Nothing of a process that has ended. */
    private static Set<String> openFiles(long pid) {
        Set<String> open = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path file : files) {
                target(file).ifPresent(open::add);
            }
        } catch (IOException | DirectoryIteratorException e) {
            return open;
        }
        return open;
    }

    /** Nothing of a file that was closed. */
    private static Optional<String> target(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
