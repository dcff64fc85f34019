package dev.igarape.jobs.publish;

import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.model.Storage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.hive.metastore.api.Partition;

/**
 * Differences between the metastore's partitions and the ledger's, as calls that let readers see each date's old version or
 * its new one.
 *
 * @param newest the latest commit that the metastore shows
 * @param born new partitions of dates that have changed ones, without rows: they are added first, so that one call then
 *     flips the whole date
 * @param changed partitions that exist, or are born, with their new folders; those to be removed with none of their rows
 * @param added new partitions of dates that have no changed ones, with their rows
 * @param removed values of partitions that the ledger has no longer
 */
record PartitionDifference(
        long newest, List<Partition> born, List<Partition> changed, List<Partition> added, List<List<String>> removed) {
    /** The interval of a partition that holds a date in one piece. */
    private static final String WHOLE_DATE = "all";

    boolean isNone() {
        return changed.isEmpty() && added.isEmpty() && removed.isEmpty();
    }

    /** How many partitions the metastore will show more than before. */
    int growth() {
        return born.size() + added.size() - removed.size();
    }

    /** Whether some partition is to point at the table's folder without files. */
    boolean needsEmptyFolder() {
        return !born.isEmpty() || !removed.isEmpty();
    }

    static PartitionDifference of(List<Partition> existing, HiveTable wanted, List<CurrentPartition> placed) {
        Map<List<String>, Partition> shown = new LinkedHashMap<>();
        existing.forEach(partition -> shown.put(partition.getValues(), partition));
        long newest = newest(existing);
        List<Partition> changed = new ArrayList<>();
        List<Partition> missing = new ArrayList<>();
        for (CurrentPartition place : placed) {
            Partition partition = partition(wanted, place);
            Partition current = shown.remove(partition.getValues());
            if (current == null) {
                missing.add(partition);
            } else if (!isIn(current, partition.getSd().getLocation())) {
                changed.add(partition);
            }
        }
        shown.values().stream()
                .filter(partition -> !isIn(partition, emptyFolder(wanted)))
                .forEach(partition -> changed.add(emptied(wanted, partition)));
        Set<String> flipped = new HashSet<>();
        changed.forEach(partition -> flipped.add(date(partition)));
        List<Partition> born = new ArrayList<>();
        List<Partition> added = new ArrayList<>();
        for (Partition partition : missing) {
            if (flipped.contains(date(partition))) {
                born.add(emptied(wanted, partition));
                changed.add(partition);
            } else {
                added.add(partition);
            }
        }
        return new PartitionDifference(newest, born, changed, added, new ArrayList<>(shown.keySet()));
    }

    /** The latest commit that partitions of the metastore show. */
    static long newest(List<Partition> partitions) {
        return partitions.stream()
                .map(partition -> partition.getParameters().getOrDefault(Publisher.SEQUENCE, "0"))
                .mapToLong(Long::parseLong)
                .max()
                .orElse(0);
    }

    static String emptyFolder(HiveTable table) {
        return table.location() + "/" + PartitionVersion.EMPTY_FOLDER;
    }

    private static boolean isIn(Partition partition, String folder) {
        String location = partition.getSd().getLocation();
        // Most are the same letter for letter, and there may be 100,000.
        return location.equals(folder) || HiveTable.sameFolder(location, folder);
    }

    private static String date(Partition partition) {
        return partition.getValues().get(0);
    }

    private static Partition emptied(HiveTable table, Partition partition) {
        return table.partition(partition.getValues(), emptyFolder(table), partition.getParameters());
    }

    private static Partition partition(HiveTable table, CurrentPartition place) {
        PartitionVersion version = place.partition();
        Map<String, String> parameters = new HashMap<>();
        parameters.put(Publisher.SEQUENCE, Long.toString(place.sequence()));
        parameters.put("igarape.files", Integer.toString(version.files()));
        parameters.put("igarape.rows", Long.toString(version.rows()));
        parameters.put("igarape.bytes", Long.toString(version.bytes()));
        return table.partition(values(table, version), table.location() + "/" + version.path(), parameters);
    }

    /** The partition's values, in the order of the table's partition columns. */
    static List<String> values(HiveTable table, PartitionVersion version) {
        List<String> values = new ArrayList<>();
        values.add(version.date().toString());
        if (table.keys().containsKey(Storage.INTERVAL)) {
            values.add(version.interval().orElse(WHOLE_DATE));
        }
        version.batch().ifPresent(values::add);
        version.recordName().ifPresent(values::add);
        return values;
    }
}
