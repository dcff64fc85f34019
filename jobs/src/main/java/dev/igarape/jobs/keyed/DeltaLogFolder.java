package dev.igarape.jobs.keyed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.igarape.model.Json;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The log of a Delta table as the files that it consists of
 * (<a href="https://github.com/delta-io/delta/blob/v3.3.2/PROTOCOL.md">Delta's protocol</a>). Needs no Spark, and lists no files
 * of the table: it knows what the last commits say, and what Delta has summed up beside them.
 */
public final class DeltaLogFolder {
    static final String NAME = "_delta_log";

    private static final Pattern FILE = Pattern.compile("([0-9]{20})\\.(json|crc)");

    private final FileSystem files;
    private final Path log;
    private final NavigableSet<Long> commits = new TreeSet<>();
    private final NavigableSet<Long> sums = new TreeSet<>();

    /**
     * A commit to the table.
     *
     * @param operation as its writer calls it, e.g. {@code MERGE}
     * @param ofLake whether it bears an entry of the ledger
     */
    public record Version(long number, String operation, boolean ofLake) {}

    /**
     * What the table consists of.
     *
     * @param hiddenRows rows in the files that deletion vectors hide
     */
    public record Sums(long files, long bytes, long hiddenRows) {}

    private DeltaLogFolder(FileSystem files, Path log) {
        this.files = files;
        this.log = log;
    }

    /** The log of the table in this folder, as it is now; empty if there is none. */
    public static Optional<DeltaLogFolder> open(FileSystem files, Path table) throws IOException {
        DeltaLogFolder folder = new DeltaLogFolder(files, new Path(table, NAME));
        try {
            for (FileStatus file : files.listStatus(folder.log)) {
                Matcher name = FILE.matcher(file.getPath().getName());
                if (name.matches()) {
                    (name.group(2).equals("json") ? folder.commits : folder.sums).add(Long.parseLong(name.group(1)));
                }
            }
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
        return Optional.of(folder);
    }

    /** The last version; -1 if there is none. */
    public long last() {
        return commits.isEmpty() ? -1 : commits.last();
    }

    /** The last commits, oldest first; fewer than that where Delta has deleted the files of older ones. */
    public List<Version> last(int most) throws IOException {
        List<Version> versions = new ArrayList<>();
        Iterator<Long> numbers = commits.descendingIterator();
        while (numbers.hasNext() && versions.size() < most) {
            version(numbers.next()).ifPresent(versions::add);
        }
        Collections.reverse(versions);
        return versions;
    }

    /** A commit; empty if Delta has deleted its file meanwhile. */
    private Optional<Version> version(long number) throws IOException {
        try {
            JsonNode info = action(number, "commitInfo");
            return Optional.of(new Version(
                    number,
                    info.path("operation").asText("unknown"),
                    info.path("userMetadata").asText("").contains("\"commit_id\"")));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Of the last version; empty where its writer has summed up nothing. */
    public Optional<Sums> sums() throws IOException {
        if (sums.isEmpty() || sums.last() != last()) {
            return Optional.empty();
        }
        JsonNode all = sums(sums.last());
        return Optional.of(new Sums(
                all.path("numFiles").asLong(),
                all.path("tableSizeBytes").asLong(),
                all.path("numDeletedRecordsOpt").asLong()));
    }

    /** The table's properties, such as {@code delta.enableDeletionVectors}; empty if no file that is left says them. */
    public Optional<Map<String, String>> properties() throws IOException {
        JsonNode metadata = MissingNode.getInstance();
        long known = -1;
        if (!sums.isEmpty()) {
            known = sums.last();
            metadata = sums(known).path("metadata");
        }
        for (long number : commits.tailSet(known, false)) {
            JsonNode changed = action(number, "metaData");
            metadata = changed.isMissingNode() ? metadata : changed;
        }
        JsonNode properties = metadata.path("configuration");
        if (!properties.isObject()) {
            return Optional.empty();
        }
        Map<String, String> byName = new LinkedHashMap<>();
        properties
                .fields()
                .forEachRemaining(one -> byName.put(one.getKey(), one.getValue().asText()));
        return Optional.of(byName);
    }

    /** What Delta has summed up of a version, in the one line of its checksum file. */
    private JsonNode sums(long number) throws IOException {
        try (BufferedReader lines = lines(String.format("%020d.crc", number))) {
            return Json.mapper().readTree(Optional.ofNullable(lines.readLine()).orElse("{}"));
        }
    }

    /** The first action of a kind in a commit; missing if it has none. */
    private JsonNode action(long number, String kind) throws IOException {
        try (BufferedReader lines = lines(String.format("%020d.json", number))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode action = Json.mapper().readTree(line).path(kind);
                if (action.isObject()) {
                    return action;
                }
            }
        }
        return MissingNode.getInstance();
    }

    private BufferedReader lines(String name) throws IOException {
        return new BufferedReader(new InputStreamReader(files.open(new Path(log, name)), StandardCharsets.UTF_8));
    }
}
