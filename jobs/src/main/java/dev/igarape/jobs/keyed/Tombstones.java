package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.model.CurrentDefinition;
import dev.igarape.model.Table;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Deletions that a current table remembers for a time: those that are older are dropped. The version then says up to which time
 * deletions may be forgotten. An event of an unknown key that is later than that is later than all of them.
 */
public final class Tombstones {
    /** When the lake took a deletion. */
    static final String TAKEN = "__igarape_taken";

    private final Lake lake;
    private final Table table;
    private final CurrentDefinition definition;
    private final Duration kept;

    private Tombstones(Lake lake, Table table, CurrentDefinition definition, Duration kept) {
        this.lake = lake;
        this.table = table;
        this.definition = definition;
        this.kept = kept;
    }

    /** Those of a table; empty where what is remembered is remembered for good. */
    public static Optional<Tombstones> of(Lake lake, Table table) {
        return table.definition() instanceof CurrentDefinition current
                ? current.tombstones().map(time -> new Tombstones(lake, table, current, time))
                : Optional.empty();
    }

    /**
     * What was dropped, or would be.
     *
     * @param deletions how many, at least one
     * @param version without them
     */
    public record Expired(long deletions, DeltaVersion version) {}

    /**
     * Writes what is remembered of a version without the deletions that are too old: those of a time so long ago that the lake has
     * also taken so long ago, since old events may come late.
     *
     * @param commitId whose folder gets what is left
     * @param dryRun whether to count alone
     * @return empty if there are none
     */
    public Optional<Expired> expire(SparkSession spark, DeltaVersion version, String commitId, boolean dryRun)
            throws IOException {
        if (version.remembered().isEmpty()) {
            return Optional.empty();
        }
        String root = new TableLayout(lake.target(), table).folder();
        Fold fold = Fold.of(table);
        Dataset<Row> known = fold.latest()
                .ofParts(spark.read()
                        .parquet(version.remembered().stream()
                                .map(path -> new Path(root, path).toString())
                                .toArray(String[]::new)));
        StructType order = (StructType) known.schema().apply(Latest.ORDER).dataType();
        SequenceTime time = SequenceTime.of(definition, order);
        Instant limit = lake.clock().instant().minus(kept);
        ZoneId zone = lake.timezone(table);
        Column when = col(Latest.ORDER).getField(time.name());
        // Where events leave values out, keys that have a row are remembered, too.
        Column isOld = col(Latest.ORDER)
                .getField(Latest.DELETES)
                .and(when.lt(time.at(limit, zone)))
                .and(col(TAKEN).lt(lit(limit)));
        // One that was taken late may be of an earlier time than those that are forgotten already.
        Column upTo = version.forgotten()
                .map(earlier -> greatest(max(when(isOld, when)), time.parsed(earlier)))
                .orElse(max(when(isOld, when)));
        Row counted = known.agg(count(lit(1)), count(when(isOld, 1)), upTo).head();
        long old = counted.getLong(1);
        if (old == 0) {
            return Optional.empty();
        }
        boolean isAll = counted.getLong(0) == old;
        String path = commitId + "/" + fold.folder();
        if (!isAll && !dryRun) {
            write(known.filter(not(isOld)), new Path(root, path));
        }
        Optional<String> forgotten = Optional.of(SequenceTime.text(counted.get(2)));
        return Optional.of(new Expired(old, version.remembering(isAll ? List.of() : List.of(path), forgotten)));
    }

    private void write(Dataset<Row> known, Path folder) {
        Column[] keys = definition.keys().stream().map(Latest::column).toArray(Column[]::new);
        known.coalesce(1).sortWithinPartitions(keys).write().parquet(folder.toString());
    }
}
