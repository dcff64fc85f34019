package dev.igarape.jobs.schema;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.landing.kafka.datum.EnvelopeSchema;
import dev.igarape.jobs.landing.kafka.schema.ReaderSchema;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.Placed;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.schema.ScratchTable.Written;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
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
 * Whether a topic's new schema could be registered and everything still be read: what was landed, what older versions
 * write and what the new one writes. The answers come from the registry and, on a scratch table with such rows, from
 * the engines themselves; nothing of the lake changes.
 */
public final class SchemaCheck {
    private static final int SAMPLES = 3;
    private static final int LANDED_ROWS = 100;
    private static final Pattern LANDED_FILE = Pattern.compile(".*-([0-9]+)\\.avro");

    private final Lake lake;
    private final SchemaRegistryClient registry;
    private final Supplier<SparkSession> spark;

    /** @param spark asked once a check */
    public SchemaCheck(Lake lake, SchemaRegistryClient registry, Supplier<SparkSession> spark) {
        this.lake = lake;
        this.registry = registry;
        this.spark = spark;
    }

    /**
     * Asks everyone.
     *
     * @param table lands the subject's topic
     * @param proposed the subject's new schema
     * @return one verdict each of registry, landing, Spark, Hive and Trino, in this order
     * @throws LakeException (UNAVAILABLE) if a server is down, so that there is no verdict
     */
    public List<CheckResult> run(Table table, Source.Kafka source, String subject, Schema proposed)
            throws IOException, InterruptedException {
        LedgerState state = lake.ledger(table.name()).read();
        List<Schema> older = new ArrayList<>(registered(subject));
        for (String topic : source.topics()) {
            if (!subject.equals(topic + "-value")) {
                registered(topic + "-value").stream().limit(1).forEach(older::add);
            }
        }
        Optional<Schema> before = state.avroSchema().map(json -> new Schema.Parser().parse(json));
        List<CheckResult> verdicts = new ArrayList<>();
        verdicts.add(registry(subject, proposed));
        Schema reader = EnvelopeSchema.around(proposed);
        try {
            reader = merged(proposed, older, before);
            verdicts.add(CheckResult.fine("landing"));
        } catch (LakeException conflict) {
            // The engines then say what they make of the new schema alone.
            verdicts.add(CheckResult.refused("landing", conflict.getMessage()));
        }
        try (ScratchTable scratch = ScratchTable.like(table, lake)) {
            List<Written> old = landed(table, state);
            older.forEach(writer -> old.add(samples(writer)));
            PartitionVersion past = scratch.write(old);
            PartitionVersion fresh = scratch.write(List.of(samples(proposed)));
            verdicts.addAll(engines(scratch, past, before, fresh, reader));
        }
        return verdicts;
    }

    /** Versions of a subject, the newest first. */
    private List<Schema> registered(String subject) {
        List<Schema> schemas = new ArrayList<>();
        try {
            for (int version : registry.versions(subject)) {
                RegisteredSchema registered = registry.version(subject, version);
                schemas.add(0, registered.schema());
            }
        } catch (SchemaNotFoundException e) {
            // A subject of which this is to be the first version.
            return List.of();
        }
        return schemas;
    }

    private CheckResult registry(String subject, Schema proposed) {
        CompatibilityResult result = registry.check(subject, proposed);
        if (result.compatible()) {
            return CheckResult.fine("registry");
        }
        String messages = String.join("; ", result.messages()).replaceAll("\\s+", " ");
        return CheckResult.refused(
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

    /** Some rows of each writer schema that was landed, out of its newest file. */
    private List<Written> landed(Table table, LedgerState state) throws IOException {
        Map<Integer, Written> found = new LinkedHashMap<>();
        List<Placed> partitions = state.partitions();
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

    /** Made-up rows of a writer. */
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
        List<CheckResult> verdicts = new ArrayList<>();
        verdicts.add(judge("spark", scratch.rows(), () -> ReadBack.bySpark(spark.get(), scratch.files(), reader)));
        CheckResult table = judge("hive", 0, () -> {
            // As a landing does: the table has its old schema, gets the new one, then the partition that needs it.
            scratch.publish(past, ReaderSchema.of(before.orElse(reader)));
            scratch.publish(fresh, ReaderSchema.of(reader));
            return 0;
        });
        if (!table.ok()) {
            verdicts.add(table);
            verdicts.add(CheckResult.refused("trino", "Hive refuses the table, so there is nothing to read"));
            return verdicts;
        }
        verdicts.add(judge("hive", scratch.rows(), () -> ReadBack.byHive(lake.hadoop(), scratch.files(), reader)));
        verdicts.add(judge(
                "trino",
                scratch.rows(),
                () -> ReadBack.byTrino(lake.target().trino(), lake.target().trinoUser(), scratch.name())));
        return verdicts;
    }

    /** Reads the scratch table's rows and counts them. */
    private interface Reading {
        long rows() throws Exception;
    }

    private static CheckResult judge(String engine, long rows, Reading reading) throws InterruptedException {
        try {
            long read = reading.rows();
            return read == rows
                    ? CheckResult.fine(engine)
                    : CheckResult.refused(engine, "reads " + read + " of " + rows + " rows");
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            requireServer(e);
            return CheckResult.refused(
                    engine, String.valueOf(root(e).getMessage()).replaceAll("\\s+", " "));
        }
    }

    /** A server that is down says nothing about a schema. */
    private static void requireServer(Exception e) {
        if (e instanceof LakeException told && told.exitCode() == ExitCode.UNAVAILABLE) {
            throw told;
        }
        // Trino's numbers: none for a broken connection, from 0x20000 on for a lack of resources.
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
