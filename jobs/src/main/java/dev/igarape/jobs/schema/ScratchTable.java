package dev.igarape.jobs.schema;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.landing.kafka.schema.ReaderSchema;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.model.Layer;
import dev.igarape.model.Storage;
import dev.igarape.model.Table;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.fs.Path;

/**
 * A temporary copy of a table in databases and folders of its own, with files of several writer schemas. It is
 * published like a real table; closing it removes everything.
 */
final class ScratchTable implements AutoCloseable {
    private final Lake lake;
    private final Table table;
    private final Publisher publisher;
    private final List<Path> files = new ArrayList<>();
    private long rows;

    private ScratchTable(Lake lake, Table table) {
        this.lake = lake;
        this.table = table;
        this.publisher = lake.publisher();
    }

    /** An empty scratch table with the definition of this one. */
    static ScratchTable like(Table table, Lake real) {
        String prefix = "check_" + UUID.randomUUID().toString().substring(0, 8) + "_";
        Target scratch = real.target().isolated("check", prefix, "_check/" + prefix);
        Lake lake = new Lake(
                real.manifest(), scratch, real.hadoop(), real.files(), real.clock(), real.runId(), Step.Listener.NONE);
        return new ScratchTable(lake, table);
    }

    /** Files written so far. */
    List<Path> files() {
        return List.copyOf(files);
    }

    /** Rows written so far. */
    long rows() {
        return rows;
    }

    /** The table's name in Trino and Hive. */
    String name() {
        return lake.target().database(Layer.RAW) + ".\"" + table.name().name() + "\"";
    }

    /** The rows of one file and their writer schema. */
    record Written(Schema schema, List<GenericRecord> rows) {}

    /**
     * Writes a partition with one file per writer schema.
     *
     * @return for {@link #publish}
     */
    PartitionVersion write(List<Written> writers) throws IOException {
        String id = lake.newCommitId();
        LocalDate date = LocalDate.ofInstant(lake.clock().instant(), ZoneOffset.UTC);
        String path = id + "/date=" + date;
        Path folder = new Path(lake.target().folder(table.name()), path);
        lake.files().mkdirs(folder);
        long written = 0;
        for (Written writer : writers) {
            Path file = new Path(folder, "part-" + files.size() + ".avro");
            try (DataFileWriter<GenericRecord> out =
                    new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(writer.schema()))) {
                out.create(writer.schema(), lake.files().create(file, false));
                for (GenericRecord row : writer.rows()) {
                    out.append(row);
                }
            }
            files.add(file);
            written += writer.rows().size();
        }
        rows += written;
        return new PartitionVersion(date, Optional.of(id), recordName(), path, writers.size(), written, 0);
    }

    /** The value of a further partition column, the same for all rows, if the table has one. */
    private Optional<String> recordName() {
        return table.definition().storage().flatMap(Storage::namedColumn).map(column -> "any");
    }

    /** Publishes a written partition and sets the schema that everything is read with from then on. */
    void publish(PartitionVersion partition, ReaderSchema merged) throws IOException, InterruptedException {
        ReaderSchema reader = table.definition().kafka().map(merged::fitting).orElse(merged);
        Ledger ledger = lake.ledger(table.name());
        Commit commit = lake.draft(table, partition.batch().orElseThrow(), Operation.LAND)
                .columns(reader.columns())
                .avroSchema(Optional.of(reader.avro()))
                .partitions(List.of(partition))
                .balance(Balance.landed(partition.rows(), partition.rows(), 0))
                .build();
        ledger.commit(commit, ledger.read());
        publisher.publish(table, ledger);
    }

    @Override
    public void close() throws IOException {
        try {
            publisher.discard();
        } finally {
            publisher.close();
            lake.files().delete(new Path(lake.target().hdfs() + lake.target().root()), true);
        }
    }
}
