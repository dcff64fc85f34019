package dev.igarape.cli.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.model.Json;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the commits of a table say that its folders hold. */
final class Ledgers {
    private final FaultLake lake;
    private final Map<String, Map<String, Long>> rows = new HashMap<>();
    private final Map<String, Map<String, String>> heads = new HashMap<>();
    /** By table and date, the folders with rows that each commit left it with. */
    private final Map<String, Map<String, Set<Set<String>>>> versions = new HashMap<>();

    private final Map<String, TreeSet<String>> read = new HashMap<>();

    Ledgers(FaultLake lake) {
        this.lake = lake;
    }

    /** Rows by partition folder, below the table's folder, of every commit ever made to a table. */
    Map<String, Long> rows(String table) throws IOException, InterruptedException {
        Map<String, Long> known = rows.computeIfAbsent(table, name -> new HashMap<>());
        TreeSet<String> done = read.computeIfAbsent(table, name -> new TreeSet<>());
        for (String name : lake.names("/lake/_ledger/" + table)) {
            if (name.matches("[0-9]{12}\\.json") && done.add(name)) {
                JsonNode commit = Json.mapper().readTree(lake.file("/lake/_ledger/" + table + "/" + name));
                for (JsonNode partition : commit.path("partitions")) {
                    String path = partition.path("path").asText();
                    known.put(path, partition.path("rows").asLong());
                    heads.computeIfAbsent(table, key -> new HashMap<>())
                            .put(
                                    partition.path("date").asText() + " " + partition.path("interval")
                                            + partition.path("batch"),
                                    path);
                }
                if (!table.startsWith("raw.")) {
                    addVersions(table, commit);
                }
            }
        }
        return known;
    }

    private void addVersions(String table, JsonNode commit) {
        Set<String> dates = new TreeSet<>();
        commit.path("partitions")
                .forEach(partition -> dates.add(partition.path("date").asText()));
        for (String date : dates) {
            Set<String> folders = heads.get(table).entrySet().stream()
                    .filter(entry -> entry.getKey().startsWith(date + " "))
                    .map(Map.Entry::getValue)
                    .filter(folder -> rows.get(table).get(folder) > 0)
                    .collect(Collectors.toSet());
            versions.computeIfAbsent(table, key -> new HashMap<>())
                    .computeIfAbsent(date, key -> new HashSet<>())
                    .add(folders);
        }
    }

    /** Whether these are all folders with rows that a date of a table had after one of its commits. */
    boolean isVersion(String table, String date, Set<String> folders) {
        return versions.getOrDefault(table, Map.of())
                .getOrDefault(date, Set.of())
                .contains(folders);
    }

    /** The folders, with rows in them, that readers should see now. */
    Set<String> head(String table) throws IOException, InterruptedException {
        Map<String, Long> committed = rows(table);
        return heads.getOrDefault(table, Map.of()).values().stream()
                .filter(folder -> committed.get(folder) > 0)
                .collect(Collectors.toSet());
    }

    /** How many commits of all tables were read. */
    int commits() {
        return read.values().stream().mapToInt(TreeSet::size).sum();
    }
}
