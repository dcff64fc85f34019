package dev.igarape.jobs.input;

import dev.igarape.jobs.avro.AvroColumns;
import dev.igarape.jobs.avro.AvroFiles;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.model.Storage;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Rows of a table of Avro files, read with the one schema that fits all of them. */
record AvroRows(Lake lake, Table table, Storage storage, LedgerState state, WholeFiles files) implements InputRows {
    /** Larger ones are better read where their blocks are, which Spark finds out when it lists them itself. */
    private static final long SMALL = 32L << 20;

    @Override
    public Dataset<Row> of(SparkSession session, LocalDate date, Predicate<CurrentPartition> wanted)
            throws IOException {
        Map<Optional<String>, List<WholeFiles.Folder>> folders = new LinkedHashMap<>();
        for (WholeFiles.Folder folder : files.of(date, wanted)) {
            folders.computeIfAbsent(folder.current().partition().recordName(), recordName -> new ArrayList<>())
                    .add(folder);
        }
        String schema = state.avroSchema()
                .orElseThrow(() -> new LakeException(
                        ExitCode.NO_INPUT,
                        "Cannot build " + files.reader() + ": nothing of " + table.name()
                                + " was landed yet, so its columns are unknown. Send events, land them, and"
                                + " run again."));
        return DateColumn.add(rows(session, schema, folders), date);
    }

    private Dataset<Row> rows(
            SparkSession session, String schema, Map<Optional<String>, List<WholeFiles.Folder>> folders) {
        Optional<String> named = storage.namedColumn();
        if (folders.isEmpty()) {
            Dataset<Row> none = session.createDataFrame(List.of(), AvroColumns.sparkType(schema));
            return named.isPresent() ? none.withColumn(named.get(), functions.lit("")) : none;
        }
        Dataset<Row> rows = null;
        for (Map.Entry<Optional<String>, List<WholeFiles.Folder>> partitions : folders.entrySet()) {
            Dataset<Row> some = rows(session, schema, partitions.getValue());
            if (named.isPresent()) {
                some = some.withColumn(
                        named.get(), functions.lit(partitions.getKey().orElse("")));
            }
            rows = rows == null ? some : rows.unionByName(some);
        }
        return rows;
    }

    private Dataset<Row> rows(SparkSession session, String schema, List<WholeFiles.Folder> folders) {
        long bytes = folders.stream()
                .mapToLong(folder -> folder.current().partition().bytes())
                .sum();
        if (bytes <= SMALL) {
            Map<Path, List<FileStatus>> listed = new LinkedHashMap<>();
            folders.forEach(folder -> listed.put(folder.path(), folder.files()));
            return AvroFiles.rows(session, schema, listed);
        }
        return session.read()
                .format("avro")
                .option("avroSchema", schema)
                .option("recursiveFileLookup", true)
                .load(folders.stream().map(folder -> folder.path().toString()).toArray(String[]::new));
    }
}
