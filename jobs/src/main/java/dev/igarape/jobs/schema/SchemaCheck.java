package dev.igarape.jobs.schema;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.landing.kafka.datum.EnvelopeSchema;
import dev.igarape.jobs.landing.kafka.schema.ReaderSchema;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.schema.ScratchTable.Written;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.CheckResult;
import dev.igarape.wire.registry.CompatibilityResult;
import dev.igarape.wire.registry.RegisteredSchema;
import dev.igarape.wire.registry.SchemaNotFoundException;
import dev.igarape.wire.registry.SchemaRegistryClient;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Checks whether a topic's new schema can be registered and whether all values stay readable: those landed, those of
 * older versions and those of the new one. It asks the registry, and reads sample rows from a scratch table with each
 * engine. Nothing in the lake changes.
 */
public final class SchemaCheck {
    private static final int SAMPLES = 3;
    private static final int LANDED_ROWS = 100;
    private static final Pattern LANDED_FILE = Pattern.compile(".*-([0-9]+)\\.avro");

    private final Lake lake;
    private final SchemaRegistryClient registry;
    private final Supplier<SparkSession> spark;

    /** @param spark asked for once per check */
    public SchemaCheck(Lake lake, SchemaRegistryClient registry, Supplier<SparkSession> spark) {
        this.lake = lake;
        this.registry = registry;
        this.spark = spark;
    }

    /**
     * Checks a schema.
     *
     * @param table the table that lands the subject's topic
     * @param proposed the subject's new schema
     * @return one result each for registry, landing, Spark, Hive and Trino, in this order
     * @throws LakeException (UNAVAILABLE) if a server is down, so that there is no result
     */
    public List<CheckResult> check(Table table, Source.Kafka source, String subject, Schema proposed)
            throws IOException, InterruptedException {
        LedgerState state = lake.ledger(table.name()).read();
        List<Schema> older = new ArrayList<>(registered(subject));
        for (String topic : source.topics()) {
            if (!subject.equals(topic + "-value")) {
                registered(topic + "-value").stream().limit(1).forEach(older::add);
            }
        }
        Optional<Schema> before = state.avroSchema().map(json -> new Schema.Parser().parse(json));
        List<CheckResult> results = new ArrayList<>();
        results.add(registry(subject, proposed));
        Schema reader = EnvelopeSchema.around(proposed);
        try {
            reader = merged(proposed, older, before);
            results.add(CheckResult.accepted("landing"));
        } catch (LakeException conflict) {
            // The engines then check the new schema alone.
            results.add(CheckResult.rejected("landing", conflict.getMessage()));
        }
        try (ScratchTable scratch = ScratchTable.like(table, lake)) {
            List<Written> old = landed(table, state);
            older.forEach(writer -> old.add(samples(writer)));
            PartitionVersion past = scratch.write(old);
            PartitionVersion fresh = scratch.write(List.of(samples(proposed)));
            results.addAll(engines(scratch, past, before, fresh, reader));
        }
        return results;
    }

    /** The versions of a subject, newest first. */
    private List<Schema> registered(String subject) {
        List<Schema> schemas = new ArrayList<>();
        try {
            for (int version : registry.versions(subject)) {
                RegisteredSchema registered = registry.version(subject, version);
                schemas.add(0, registered.schema());
            }
        } catch (SchemaNotFoundException e) {
            // The subject has no version yet.
            return List.of();
        }
        return schemas;
    }

    private CheckResult registry(String subject, Schema proposed) {
        CompatibilityResult result = registry.check(subject, proposed);
        if (result.compatible()) {
            return CheckResult.accepted("registry");
        }
        String messages = String.join("; ", result.messages()).replaceAll("\\s+", " ");
        return CheckResult.rejected(
                "registry",
                "the schema is not compatible (" + registry.compatibility(subject) + ") with " + subject
                        + (messages.isEmpty() ? "" : ": " + messages));
    }

    private static Schema merged(Schema proposed, List<Schema> older, Optional<Schema> before) {
        List<Schema> writers = new ArrayList<>(List.of(proposed));
        writers.addAll(older);
        before.map(envelope -> envelope.getField("value").schema()).ifPresent(writers::add);
        return ReaderSchema.envelope(writers).orElseThrow();
    }

    /** Some rows of each landed writer schema, from its newest file. */
    private List<Written> landed(Table table, LedgerState state) throws IOException {
        Map<Integer, Written> found = new LinkedHashMap<>();
        List<CurrentPartition> partitions = state.partitions();
        for (int i = partitions.size() - 1; i >= 0; i--) {
            Path folder = new Path(lake.target().folder(table.name()) + "/"
                    + partitions.get(i).partition().path());
            for (FileStatus file : lake.files().listStatus(folder)) {
                Matcher name = LANDED_FILE.matcher(file.getPath().getName());
                if (name.matches() && !found.containsKey(Integer.parseInt(name.group(1)))) {
                    found.put(Integer.parseInt(name.group(1)), head(file.getPath()));
                }
            }
        }
        return new ArrayList<>(found.values());
    }

    private Written head(Path file) throws IOException {
        try (DataFileStream<GenericRecord> in =
                new DataFileStream<>(lake.files().open(file), new GenericDatumReader<>())) {
            List<GenericRecord> rows = new ArrayList<>();
            while (rows.size() < LANDED_ROWS && in.hasNext()) {
                rows.add(in.next());
            }
            return new Written(in.getSchema(), rows);
        }
    }

    /** Sample rows of a writer schema. */
    private static Written samples(Schema writer) {
        Schema envelope = EnvelopeSchema.around(writer);
        List<GenericRecord> rows = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            rows.add((GenericData.Record) SampleValues.of(envelope, i));
        }
        return new Written(envelope, rows);
    }

    private List<CheckResult> engines(
            ScratchTable scratch, PartitionVersion past, Optional<Schema> before, PartitionVersion fresh, Schema reader)
            throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        results.add(check("spark", scratch.rows(), () -> ReadBack.bySpark(spark.get(), scratch.files(), reader)));
        CheckResult table = check("hive", 0, () -> {
            // In the order of a landing: the table has the old schema, gets the new one, then the partition that needs
            // it.
            scratch.publish(past, ReaderSchema.of(before.orElse(reader)));
            scratch.publish(fresh, ReaderSchema.of(reader));
            return 0;
        });
        if (!table.ok()) {
            results.add(table);
            results.add(CheckResult.rejected("trino", "Hive refuses the table, so there is nothing to read"));
            return results;
        }
        results.add(check("hive", scratch.rows(), () -> ReadBack.byHive(lake.hadoop(), scratch.files(), reader)));
        results.add(check(
                "trino",
                scratch.rows(),
                () -> ReadBack.byTrino(lake.target().trino(), lake.target().trinoUser(), scratch.name())));
        return results;
    }

    /** Reads the scratch table and returns the number of rows. */
    private interface RowCount {
        long rows() throws Exception;
    }

    private static CheckResult check(String engine, long rows, RowCount rowCount) throws InterruptedException {
        try {
            long read = rowCount.rows();
            return read == rows
                    ? CheckResult.accepted(engine)
                    : CheckResult.rejected(engine, "reads " + read + " of " + rows + " rows");
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            rethrowIfUnavailable(e);
            return CheckResult.rejected(
                    engine, String.valueOf(root(e).getMessage()).replaceAll("\\s+", " "));
        }
    }

    /** Throws if the error means that a server is down, because then it says nothing about the schema. */
    private static void rethrowIfUnavailable(Exception e) {
        if (e instanceof LakeException lake && lake.exitCode() == ExitCode.UNAVAILABLE) {
            throw lake;
        }
        // Trino's error codes: 0 for a broken connection, 0x20000 and up for a lack of resources.
        boolean unavailable = root(e) instanceof IOException
                || e instanceof SQLException sql && (sql.getErrorCode() == 0 || sql.getErrorCode() >> 16 == 2);
        if (unavailable) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    "Cannot check the schema: " + root(e) + ". See that the servers are up (./lake status), and run"
                            + " again. Nothing was changed.",
                    e);
        }
    }

    private static Throwable root(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
