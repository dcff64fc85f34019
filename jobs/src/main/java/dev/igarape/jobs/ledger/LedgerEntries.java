package dev.igarape.jobs.ledger;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.igarape.jobs.storage.AtomicFiles;
import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;

/** The files of a ledger that are commits and snapshots, by number. */
final class LedgerEntries {
    private static final Pattern NAME = Pattern.compile("([0-9]{12})\\.(json|snapshot)");

    private final TableName table;
    private final AtomicFiles files;
    private final ObjectMapper json = Json.mapper();

    LedgerEntries(TableName table, AtomicFiles files) {
        this.table = table;
        this.files = files;
    }

    /** Numbers of all commits and of all snapshots. */
    record Numbers(TreeSet<Long> commits, TreeSet<Long> snapshots) {}

    /** What a file says, and its length in bytes. */
    record Entry<T>(T value, long bytes) {}

    /**
     * A commit's file as it stands in the ledger. A commit never changes; another file under its number means that the ledger
     * was restored.
     */
    record Stamp(long modified, long bytes) {}

    TableName table() {
        return table;
    }

    Numbers numbers() throws IOException {
        Numbers numbers = new Numbers(new TreeSet<>(), new TreeSet<>());
        for (String name : files.names()) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                (matcher.group(2).equals("json") ? numbers.commits() : numbers.snapshots())
                        .add(Long.parseLong(matcher.group(1)));
            }
        }
        return numbers;
    }

    /** Throws FileNotFoundException where there is no commit of this number. */
    Entry<Commit> commit(long sequence) throws IOException {
        return parse(commitName(sequence), Commit.class);
    }

    /** The commit of this number, if it is made. */
    Optional<Entry<Commit>> commitIfMade(long sequence) throws IOException {
        try {
            return Optional.of(commit(sequence));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    Optional<Stamp> stamp(long sequence) throws IOException {
        Optional<FileStatus> status = files.status(commitName(sequence));
        return status.map(file -> new Stamp(file.getModificationTime(), file.getLen()));
    }

    Entry<LedgerState> snapshot(long sequence) throws IOException {
        return parse(snapshotName(sequence), LedgerState.class);
    }

    /** Keeps a state as a snapshot, unless there is one of its number. Returns its length in bytes. */
    long keep(LedgerState state) throws IOException {
        byte[] content = json.writeValueAsBytes(state);
        files.create(snapshotName(state.head()), content);
        return content.length;
    }

    /** Reads a file of any version up to our own, in the shape of ours: what a later version added is empty in it. */
    private <T> Entry<T> parse(String name, Class<T> type) throws IOException {
        byte[] content = files.read(name);
        try (JsonParser entry = json.createParser(content)) {
            // Before anything else is looked at, for only its own version says what the rest means.
            int version = version(entry);
            requireVersion(version, name);
            T value = version == Commit.VERSION
                    ? json.readValue(content, type)
                    : json.treeToValue(FormatUpgrade.upgraded(json.readValue(content, ObjectNode.class)), type);
            return new Entry<>(value, content.length);
        } catch (JacksonException e) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Cannot read " + files.folder() + "/" + name + ": " + e.getOriginalMessage()
                            + ". It is damaged; restore it from a backup (./lake ledger restore).",
                    e);
        }
    }

    /** The {@code version} of an object, its first field as a rule; 0 where there is none. */
    private static int version(JsonParser entry) throws IOException {
        entry.nextToken();
        while (entry.nextToken() == JsonToken.FIELD_NAME) {
            String field = entry.currentName();
            entry.nextToken();
            if (field.equals("version")) {
                return entry.getValueAsInt();
            }
            entry.skipChildren();
        }
        return 0;
    }

    private void requireVersion(int version, String name) {
        if (version < 1 || version > Commit.VERSION) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "The ledger of " + table + " has " + name + " in format " + version
                            + "; this program reads formats 1 to " + Commit.VERSION
                            + ". Use the version of Igarapé that wrote it, or a newer one.");
        }
    }

    static String commitName(long sequence) {
        return String.format("%012d.json", sequence);
    }

    private static String snapshotName(long sequence) {
        return String.format("%012d.snapshot", sequence);
    }
}
