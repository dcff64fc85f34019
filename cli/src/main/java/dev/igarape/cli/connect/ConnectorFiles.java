package dev.igarape.cli.connect;

import dev.igarape.model.compile.diagnostic.Suggestion;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The files {@code connect/*.json} of a project. */
public final class ConnectorFiles {
    private ConnectorFiles() {}

    /**
     * Reads all files, by name.
     *
     * @throws LakeException with {@link ExitCode#DEFINITION} that lists every fault
     */
    public static List<ConnectorFile> read(Path project) {
        List<String> faults = new ArrayList<>();
        List<ConnectorFile> connectors = new ArrayList<>();
        for (Path file : files(project.resolve("connect"))) {
            connectors.add(ConnectorFile.read(project, file, faults));
        }
        shared(connectors, faults);
        if (!faults.isEmpty()) {
            throw new LakeException(ExitCode.DEFINITION, String.join("\n", faults));
        }
        return connectors;
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A slot has one reader: a second connector would wait for it for ever, and look well. */
    private static void shared(List<ConnectorFile> connectors, List<String> faults) {
        Map<List<String>, ConnectorFile> slots = new HashMap<>();
        for (ConnectorFile connector : connectors) {
            ReplicationSlot.address(connector.config())
                    .flatMap(address -> Optional.ofNullable(slots.putIfAbsent(address, connector)))
                    .ifPresent(other ->
                            faults.add("%s and %s read the same replication slot. Give each a slot.name of its own."
                                    .formatted(other.path(), connector.path())));
        }
    }

    /** Those of these names, or all where none is given. */
    public static List<ConnectorFile> select(List<ConnectorFile> connectors, List<String> names) {
        List<String> known = connectors.stream().map(ConnectorFile::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new LakeException(
                        ExitCode.USAGE,
                        "There is no file connect/%s.json%s. There are: %s."
                                .formatted(
                                        name,
                                        Suggestion.didYouMean(name, known),
                                        known.isEmpty() ? "none" : String.join(", ", known)));
            }
        }
        return connectors.stream()
                .filter(connector -> names.isEmpty() || names.contains(connector.name()))
                .toList();
    }
}
