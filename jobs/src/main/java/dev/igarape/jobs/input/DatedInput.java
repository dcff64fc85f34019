package dev.igarape.jobs.input;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LandingWatermark;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.model.Storage;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.Trait;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** An input with dates, as it is when it is opened: its versions and its rows are of the same moment. */
public final class DatedInput {
    private final Table table;
    private final InputVersions versions;
    private final InputRows rows;
    private final ChangedTimes changes;
    private final Optional<String> avroSchema;
    /** Answers by commit, since many dates ask for the same one, and each entry of a ledger is a file. */
    private final Map<Long, Boolean> sameSchema = new ConcurrentHashMap<>();

    private DatedInput(
            Table table, InputVersions versions, InputRows rows, ChangedTimes changes, Optional<String> avroSchema) {
        this.table = table;
        this.versions = versions;
        this.rows = rows;
        this.changes = changes;
        this.avroSchema = avroSchema;
    }

    /** @param reader the table that reads it, for messages */
    public static DatedInput open(Lake lake, TableName name, TableName reader) throws IOException {
        Ledger ledger = lake.ledger(name);
        LedgerState state = ledger.read();
        Table table = lake.table(name);
        return new DatedInput(
                table,
                versions(lake, table, state),
                rows(lake, table, state, reader),
                new ChangedTimes(ledger, state),
                state.avroSchema());
    }

    /** What an input has, for those that do not read its rows. */
    public static InputVersions versions(Lake lake, Table table, LedgerState state) {
        return new LedgerVersions(
                state,
                sequence -> lake.ledger(table.name()).commit(sequence),
                table.has(Trait.DATED),
                () -> new LandingWatermark(lake.target(), lake.hadoop(), table.name()).latest());
    }

    private static InputRows rows(Lake lake, Table table, LedgerState state, TableName reader) {
        Storage storage = table.definition()
                .storage()
                .orElseThrow(() -> new LakeException(
                        ExitCode.DEFINITION,
                        reader + " reads " + table.name() + ", which has no rows of its own. Read the tables behind"
                                + " it."));
        WholeFiles files = new WholeFiles(lake, table.name(), state, reader);
        return switch (storage.format()) {
            case AVRO -> new AvroRows(lake, table, storage, state, files);
            case PARQUET -> new ParquetRows(lake, table, state, files);
            case TEXT -> new TextRows(files);
            case DELTA ->
                throw new LakeException(
                        ExitCode.DEFINITION,
                        reader + " reads " + table.name()
                                + ", which has one row for each key and no dates. Read it in a view,"
                                + " or read the tables behind it.");
        };
    }

    public InputVersions versions() {
        return versions;
    }

    public InputRows rows() {
        return rows;
    }

    public ChangedTimes changes() {
        return changes;
    }

    /** Whether its rows are read with the same Avro schema as after this commit. */
    public boolean hasSchemaOf(long commit) throws IOException {
        if (avroSchema.isEmpty()) {
            return true;
        }
        Boolean known = sameSchema.get(commit);
        if (known == null) {
            known = changes.ledger().commit(commit).avroSchema().equals(avroSchema);
            sameSchema.put(commit, known);
        }
        return known;
    }

    /** @see EventTime#of */
    public Column eventTime(Dataset<Row> of, ZoneId zone) {
        return EventTime.of(table, of, avroSchema, zone);
    }
}
