package dev.igarape.jobs.keyed;

import dev.igarape.jobs.daily.DailyInputs;
import dev.igarape.jobs.input.Reach;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.PartitionVersion.Key;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.plan.Freshness.Staleness;
import dev.igarape.jobs.sql.RowJson;
import dev.igarape.model.Input;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Rows that a table with keys has taken and that its inputs have no more. Where a commit of an input is gone, rows may be. A daily
 * table with intervals computes one again and again: its rows before and now are compared, since most of them stay, and since a commit
 * that stands in other intervals of the date is not gone where rows of it are.
 */
final class RowsTakenBack {
    /** So many entries of a ledger are looked through for what stood before; a table that runs live has it in the last one. */
    private static final int MOST_FOLLOWED = 60;

    private static final String ROW = "row";

    private final Lake lake;
    private final Table table;
    private final DailyInputs inputs;
    private final Supplier<SparkSession> session;

    /** @param session asked only if rows must be compared */
    RowsTakenBack(Lake lake, Table table, DailyInputs inputs, Supplier<SparkSession> session) {
        this.lake = lake;
        this.table = table;
        this.inputs = inputs;
        this.session = session;
    }

    /** Whether there are some of these dates, or may be since nobody can tell any more. Rows that have expired stay. */
    boolean areSome(Map<LocalDate, Staleness> dates) throws IOException {
        for (Input input : table.datedInputs()) {
            boolean byInterval = lake.table(input.table()).interval().isPresent();
            for (Map.Entry<LocalDate, Staleness> date : dates.entrySet()) {
                SequenceSet gone = date.getValue().gone().getOrDefault(input.table(), SequenceSet.EMPTY);
                boolean some = byInterval ? areSome(input, date.getKey(), date.getValue(), gone) : !gone.isEmpty();
                if (some) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean areSome(Input input, LocalDate date, Staleness staleness, SequenceSet gone) throws IOException {
        try {
            return areFound(input, date, staleness, gone);
        } catch (FileNotFoundException e) {
            // A ledger that was restored from an older backup lacks entries that were read.
            return true;
        }
    }

    private boolean areFound(Input input, LocalDate date, Staleness staleness, SequenceSet gone) throws IOException {
        SequenceSet read = staleness
                .built()
                .map(built -> built.build().inputs().get(input.table()))
                .orElse(SequenceSet.EMPTY);
        SequenceSet unread = staleness.unreadOf(input.table());
        if (read.isEmpty() || unread.isEmpty()) {
            return !gone.isEmpty();
        }
        Map<Key, PartitionVersion> now = new HashMap<>();
        inputs.changes(input)
                .partitions(date, Reach.of(input, lake.timezone(table)), unread)
                .forEach(current -> now.put(current.partition().key(), current.partition()));
        Map<Key, Long> known = new HashMap<>();
        inputs.changes(input)
                .partitions(date, Reach.of(input, lake.timezone(table)), read)
                .forEach(current -> current.rowsByCommit()
                        .last()
                        .ifPresent(commit -> known.put(current.partition().key(), commit)));
        if (!areReplaced(input.table(), date, gone, now, known)) {
            return true;
        }
        List<PartitionVersion> before = before(input.table(), date, read.last().orElseThrow(), now).values().stream()
                .filter(partition -> partition.rows() > 0)
                .toList();
        for (PartitionVersion partition : before) {
            if (!lake.files().exists(folder(input.table(), partition))) {
                return true;
            }
        }
        List<PartitionVersion> after =
                now.values().stream().filter(partition -> partition.rows() > 0).toList();
        if (before.isEmpty() || after.isEmpty()) {
            return !before.isEmpty();
        }
        return differ(input.table(), before, after);
    }

    /**
     * Whether what commits wrote that are gone is replaced by these, and not by something else, as after a rollback.
     *
     * @param known commits of what was read before: what a later one of them replaced, an earlier step has compared
     */
    private boolean areReplaced(
            TableName input, LocalDate date, SequenceSet gone, Map<Key, PartitionVersion> now, Map<Key, Long> known)
            throws IOException {
        if (gone.size() > MOST_FOLLOWED) {
            return false;
        }
        for (long sequence : gone.numbers().toArray()) {
            for (PartitionVersion partition :
                    lake.ledger(input).commit(sequence).partitions()) {
                boolean isReplaced =
                        now.containsKey(partition.key()) || known.getOrDefault(partition.key(), 0L) > sequence;
                if (partition.date().equals(date) && !partition.isEmptied() && !isReplaced) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The versions of intervals that stood after a commit, where they stood. */
    private Map<Key, PartitionVersion> before(
            TableName input, LocalDate date, long commit, Map<Key, PartitionVersion> now) throws IOException {
        Ledger ledger = lake.ledger(input);
        Map<Key, PartitionVersion> before = new HashMap<>();
        for (long sequence = commit;
                sequence > Math.max(0, commit - MOST_FOLLOWED) && before.size() < now.size();
                sequence--) {
            for (PartitionVersion partition : ledger.commit(sequence).partitions()) {
                if (now.containsKey(partition.key())) {
                    before.putIfAbsent(partition.key(), partition);
                }
            }
        }
        if (before.size() < now.size()) {
            ledger.readAt(commit).partitionsOf(date).stream()
                    .filter(current -> now.containsKey(current.partition().key()))
                    .forEach(current -> before.putIfAbsent(current.partition().key(), current.partition()));
        }
        return before;
    }

    /** Whether some rows are no more; rows that were added do not matter. */
    private boolean differ(TableName input, Collection<PartitionVersion> before, Collection<PartitionVersion> after) {
        SparkSession spark = session.get();
        Dataset<Row> old = rows(spark, input, before);
        Dataset<Row> rows = rows(spark, input, after);
        if (!old.schema().asNullable().equals(rows.schema().asNullable())) {
            return true;
        }
        Dataset<Row> json = rows.select(RowJson.of(Latest.columns(rows)).as(ROW));
        return !old.select(RowJson.of(Latest.columns(old)).as(ROW))
                .join(json, Latest.names(List.of(ROW)), "left_anti")
                .isEmpty();
    }

    private Dataset<Row> rows(SparkSession spark, TableName input, Collection<PartitionVersion> partitions) {
        return spark.read()
                .option("recursiveFileLookup", true)
                .parquet(partitions.stream()
                        .map(partition -> folder(input, partition).toString())
                        .toArray(String[]::new));
    }

    private Path folder(TableName input, PartitionVersion partition) {
        return new Path(lake.target().folder(input), partition.path());
    }
}
