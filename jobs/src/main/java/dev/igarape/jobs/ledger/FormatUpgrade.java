package dev.igarape.jobs.ledger;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Entries and snapshots of formats 1 to 5, given the shape of format 6.
 *
 * <p>Up to format 5 a date does not say what has {@code changed}, which is then empty, and of {@code snapshots} it says the
 * numbers alone, which {@link SnapshotRead} reads.
 *
 * <p>Up to format 4 there is no {@code delta}, which is then empty.
 *
 * <p>Up to format 3 {@code inputs} of a date lists its sequence numbers one by one.
 *
 * <p>Formats 1 and 2 have one pair of fields for both kinds of sources: {@code offsets} (of a snapshot: {@code
 * next_offsets}) and {@code topic_ids}. A landed file stands there as a topic whose name is its path, whose only partition
 * ends at its length, and whose id is {@code <length> <milliseconds> <SHA-256>}. And {@code rows_by_commit} of a partition
 * was called {@code origins}.
 */
final class FormatUpgrade {
    /** The id of a file; Kafka's ids of topics have no spaces. */
    private static final Pattern FILE = Pattern.compile("([0-9]+) (-?[0-9]+) ([0-9a-f]{64})");

    private FormatUpgrade() {}

    /** The same entry or snapshot in the format that {@link Commit} and {@link LedgerState} have. */
    static ObjectNode upgraded(ObjectNode old) throws JsonMappingException {
        ObjectNode entry = old.deepCopy();
        int version = entry.path("version").asInt();
        entry.put("version", Commit.VERSION);
        if (version > 3) {
            return entry;
        }
        for (JsonNode element : entry.path("dates")) {
            upgradeInputs(element.has("build") ? element.get("build") : element);
        }
        if (version > 2) {
            return entry;
        }
        for (String list : List.of("partitions", "quarantine")) {
            for (JsonNode element : entry.path(list)) {
                rename(element.has("partition") ? element.get("partition") : element, "origins", "rows_by_commit");
            }
        }
        ObjectNode ids = taken(entry, "topic_ids");
        if (entry.has("head")) {
            upgradeSnapshot(entry, taken(entry, "next_offsets"), ids);
        } else {
            upgradeCommit(entry, taken(entry, "offsets"), ids);
        }
        return entry;
    }

    private static void upgradeInputs(JsonNode build) {
        if (build.path("inputs") instanceof ObjectNode inputs) {
            List<String> tables = new ArrayList<>();
            inputs.fieldNames().forEachRemaining(tables::add);
            for (String table : tables) {
                List<Long> sequences = new ArrayList<>();
                inputs.get(table).forEach(sequence -> sequences.add(sequence.asLong()));
                inputs.put(table, SequenceSet.of(sequences).toString());
            }
        }
    }

    private static void upgradeSnapshot(ObjectNode entry, ObjectNode offsets, ObjectNode ids) {
        ObjectNode nextOffsets = entry.putObject("next_offsets");
        ObjectNode topicIds = entry.putObject("topic_ids");
        ObjectNode files = entry.putObject("files");
        each(offsets, ids, (name, partitions, id) -> {
            Matcher file = FILE.matcher(id);
            if (file.matches()) {
                put(files.putObject(name), file);
                return;
            }
            if (offsets.has(name)) {
                nextOffsets.set(name, partitions);
            }
            if (ids.has(name)) {
                topicIds.put(name, id);
            }
        });
    }

    private static void upgradeCommit(ObjectNode entry, ObjectNode offsets, ObjectNode ids) {
        ObjectNode topics = entry.objectNode();
        ObjectNode files = entry.objectNode();
        each(offsets, ids, (name, partitions, id) -> {
            Matcher file = FILE.matcher(id);
            if (file.matches()) {
                put(files.putObject(name), file);
                return;
            }
            ObjectNode topic = topics.putObject(name);
            if (ids.has(name)) {
                topic.put("id", id);
            }
            topic.set("partitions", partitions);
        });
        if (!files.isEmpty()) {
            entry.putObject("consumed").put("type", "files").set("files", files);
        } else if (!topics.isEmpty()) {
            entry.putObject("consumed").put("type", "topics").set("topics", topics);
        }
    }

    /** Is given one topic, or one file that stands as a topic. */
    private interface Entries {
        void accept(String name, JsonNode partitions, String id);
    }

    private static void each(ObjectNode offsets, ObjectNode ids, Entries entries) {
        Set<String> names = new TreeSet<>();
        offsets.fieldNames().forEachRemaining(names::add);
        ids.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            entries.accept(
                    name,
                    offsets.has(name) ? offsets.get(name) : offsets.objectNode(),
                    ids.path(name).asText());
        }
    }

    private static void put(ObjectNode target, Matcher file) {
        target.put("length", Long.parseLong(file.group(1)))
                .put(
                        "modified",
                        Instant.ofEpochMilli(Long.parseLong(file.group(2))).toString())
                .put("sha256", file.group(3));
    }

    private static void rename(JsonNode object, String from, String to) {
        if (object instanceof ObjectNode fields && fields.has(from)) {
            fields.set(to, fields.remove(from));
        }
    }

    /** Takes an object out of an entry; an empty one where there is none. */
    private static ObjectNode taken(ObjectNode entry, String name) throws JsonMappingException {
        JsonNode value = entry.remove(name);
        if (value == null) {
            return entry.objectNode();
        }
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw new JsonMappingException(null, "'" + name + "' is no object");
    }
}
