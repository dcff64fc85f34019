package dev.igarape.jobs.landing.kafka;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.landing.kafka.copy.Consumers;
import dev.igarape.jobs.landing.kafka.copy.LandingJob;
import dev.igarape.jobs.landing.kafka.copy.LandingResult;
import dev.igarape.jobs.landing.kafka.copy.LocalRunner;
import dev.igarape.jobs.landing.kafka.copy.RangeResult;
import dev.igarape.jobs.landing.kafka.copy.SparkRunner;
import dev.igarape.jobs.landing.kafka.copy.TopicLander;
import dev.igarape.jobs.landing.kafka.offsets.BrokerConnection;
import dev.igarape.jobs.landing.kafka.offsets.Gap;
import dev.igarape.jobs.landing.kafka.offsets.OffsetPlan;
import dev.igarape.jobs.landing.kafka.offsets.OffsetPlanner;
import dev.igarape.jobs.landing.kafka.offsets.StartPolicy;
import dev.igarape.jobs.landing.kafka.output.LandedFile;
import dev.igarape.jobs.landing.kafka.output.LandingOptions;
import dev.igarape.jobs.landing.kafka.output.ValueFormat;
import dev.igarape.jobs.landing.kafka.schema.ReaderSchema;
import dev.igarape.jobs.landing.kafka.schema.RegistryWriterSchemas;
import dev.igarape.jobs.landing.kafka.schema.WriterSchemas;
import dev.igarape.jobs.ledger.AcceptedGap;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.Consumed;
import dev.igarape.jobs.ledger.LandingWatermark;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.CommitLoop;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.quarantine.AllRefused;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.LandingLimits;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Lands what Kafka topics hold beyond the ledger's offsets, as Avro partitioned by (date, batch).
 *
 * <p>One call is one commit: offsets and files together, so that a record is in exactly one of them. The date of a run
 * plays no part; records go to the date of their event.
 */
public final class KafkaLanding {
    private static final long RECORDS_PER_TASK = 5_000_000;
    private static final long RECORDS_PER_COMMIT = 200_000_000;

    private final Lake lake;
    private final Publishing publisher;
    private final Supplier<SparkSession> spark;
    private final Optional<KafkaClients> shared;

    /**
     * A landing that closes its connections when it is done.
     *
     * @param spark asked only for more records than one process lands faster than Spark starts
     */
    public KafkaLanding(Lake lake, Publishing publisher, Supplier<SparkSession> spark) {
        this(lake, publisher, spark, Optional.empty());
    }

    /** @param shared connections that stay open; empty for those of its own */
    KafkaLanding(Lake lake, Publishing publisher, Supplier<SparkSession> spark, Optional<KafkaClients> shared) {
        this.lake = lake;
        this.publisher = publisher;
        this.spark = spark;
        this.shared = shared;
    }

    /**
     * Lands and publishes what is new.
     *
     * @param acceptGap go on where Kafka has lost records, and record the gap in the commit
     * @throws LakeException NO_INPUT if a topic does not exist or has a gap, UNAVAILABLE if broker or registry is down,
     *     DEFINITION if the table has partitions of another kind than it is declared with
     */
    public TableRun run(Table table, Source.Kafka source, boolean acceptGap) throws IOException, InterruptedException {
        if (shared.isPresent()) {
            return run(table, source, acceptGap, shared.get());
        }
        try (KafkaClients own = new KafkaClients(lake.target().kafka())) {
            return run(table, source, acceptGap, own);
        }
    }

    private TableRun run(Table table, Source.Kafka source, boolean acceptGap, KafkaClients clients)
            throws IOException, InterruptedException {
        Ledger ledger = lake.ledger(table.name());
        CommitLoop loop = new CommitLoop(table, ledger, publisher, lake.steps());
        return loop.run("commit to " + table.name(), "landed the same topics", state -> {
            requireSamePartitioning(table, source, state);
            Instant asked = lake.clock().instant();
            List<OffsetPlan> plans = plan(table, source, state, acceptGap, clients.offsets());
            lake.steps().reached(Step.PLANNED);
            if (plans.stream().allMatch(plan -> isLanded(plan, state))) {
                return new CommitLoop.Unchanged<>(() -> {
                    recordWatermark(table, source, plans, asked);
                    return TableRun.unchanged(table.name(), state, Balance.NONE);
                });
            }
            Draft draft = land(table, source, state, plans, clients.consumers());
            return new CommitLoop.Draft<>(draft.commit(), commit -> {
                recordWatermark(table, source, plans, asked);
                return TableRun.committed(commit, draft.warnings());
            });
        });
    }

    /** Refuses a declaration that would mix two kinds of partitions in the table. */
    static void requireSamePartitioning(Table table, Source.Kafka source, LedgerState state) {
        Optional<String> landed = landedBy(state);
        if (!state.partitions().isEmpty() && !landed.equals(source.partitionBy())) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Cannot land " + table.name() + ": it was landed "
                            + landed.map(column -> "with `partition_by: " + column + "`")
                                    .orElse("without `partition_by`")
                            + " before, and a table has one kind of partitions. "
                            + landed.map(column -> "Write `partition_by: " + column + "`")
                                    .orElse("Take `partition_by` out")
                            + ", or land the topics into a table of another name.");
        }
    }

    /** What the table's partitions are by. Only where they are by topic, it is no column of the files. */
    private static Optional<String> landedBy(LedgerState state) {
        if (state.partitions().stream()
                .noneMatch(placed -> placed.partition().recordName().isPresent())) {
            return Optional.empty();
        }
        boolean column = state.columns().isEmpty() || state.columns().containsKey(Source.Kafka.TOPIC);
        return Optional.of(column ? Source.Kafka.RECORD_NAME : Source.Kafka.TOPIC);
    }

    /** Says that all which the topics had when they were asked stands in commits, unless it was too much for one. */
    private void recordWatermark(Table table, Source.Kafka source, List<OffsetPlan> plans, Instant asked)
            throws IOException {
        // A topic that another table goes on with is not planned, and what it has is not in this one.
        boolean whole = plans.size() == source.topics().size();
        if (whole && plans.stream().noneMatch(OffsetPlan::partial)) {
            new LandingWatermark(lake.target(), lake.hadoop(), table.name()).record(asked);
        }
    }

    private List<OffsetPlan> plan(
            Table table, Source.Kafka source, LedgerState state, boolean acceptGap, BrokerConnection broker)
            throws IOException {
        OffsetPlanner planner = new OffsetPlanner(RECORDS_PER_TASK, RECORDS_PER_COMMIT, acceptGap);
        TopicHandover handover = new TopicHandover(lake);
        List<OffsetPlan> plans = new ArrayList<>();
        for (String topic : source.topics()) {
            if (handover.isTakenOver(table.name(), topic)) {
                continue;
            }
            StartPolicy start =
                    source.startsAfter().isPresent() ? new StartPolicy.Earliest() : StartPolicy.parse(source.start());
            plans.add(planner.plan(broker.read(topic, start), handover.landed(source, topic, state)));
        }
        return plans;
    }

    private static boolean isLanded(OffsetPlan plan, LedgerState state) {
        return plan.next().equals(state.nextOffsets().get(plan.topic()))
                && plan.topicId().equals(state.topicIds().get(plan.topic()))
                && plan.gaps().isEmpty();
    }

    /** How the records of a topic are landed, and quarantined ones replayed. */
    static LandingOptions options(Lake lake, Table table, Source.Kafka source) {
        Pipeline pipeline = lake.manifest().owner(table.name()).orElseThrow();
        LandingOptions options = LandingOptions.of(
                ValueFormat.of(source.format()),
                source.eventTime(),
                pipeline.timezone(),
                lake.target().landing().orElse(LandingLimits.DEFAULT));
        return source.dropsTombstones() ? options.droppingTombstones() : options;
    }

    static WriterSchemas.Factory schemas(Lake lake, ValueFormat format) {
        return format == ValueFormat.AVRO
                ? RegistryWriterSchemas.factory(lake.target().registry())
                : WriterSchemas::none;
    }

    /**
     * The schema that reads what a table has and what these ranges add; without the topic where that is a partition column.
     *
     * @param before the table's schema until now
     * @throws LakeException (DEFINITION) if there is none
     */
    static Optional<ReaderSchema> reader(
            Lake lake, Source.Kafka source, List<RangeResult> ranges, Optional<String> before) {
        ValueFormat format = ValueFormat.of(source.format());
        if (format != ValueFormat.AVRO) {
            return Optional.of(ReaderSchema.plain(format).fitting(source));
        }
        Set<Integer> writers = ranges.stream()
                .flatMap(range -> range.files().stream())
                .map(LandedFile::schemaId)
                .collect(Collectors.toSet());
        return ReaderSchema.of(lake.target().registry(), source.topics(), writers, before)
                .map(reader -> reader.fitting(source));
    }

    /** {@link #reader}; a refusal says how to go on. */
    private Optional<ReaderSchema> readable(
            Table table, Source.Kafka source, List<RangeResult> ranges, LedgerState state) {
        try {
            return reader(lake, source, ranges, state.avroSchema());
        } catch (LakeException e) {
            throw e.exitCode() == ExitCode.DEFINITION ? refused(table, source, ranges, state, e) : e;
        }
    }

    /** A refusal of the schemas of new records, with the way on. */
    private LakeException refused(
            Table table, Source.Kafka source, List<RangeResult> ranges, LedgerState state, LakeException refusal) {
        boolean fit = state.avroSchema().isPresent();
        try {
            reader(lake, source, ranges, Optional.empty());
        } catch (LakeException e) {
            fit = false;
        }
        return new LakeException(
                ExitCode.DEFINITION,
                "Cannot land " + table.name() + ": " + refusal.getMessage()
                        + " Nothing was committed; readers keep what" + " they have. "
                        + TopicHandover.remedy(lake, table.name(), source, fit),
                refusal);
    }

    /** What is written and may be committed, and what to warn of then. */
    private record Draft(Commit commit, List<String> warnings) {}

    /** Tells of topics whose records were refused as a whole. */
    private List<String> warnings(Table table, LandingResult landed, CommitFolders.Settled settled) throws IOException {
        Map<String, List<RangeResult>> topics = landed.ranges().stream()
                .collect(Collectors.groupingBy(range -> range.range().topic(), TreeMap::new, Collectors.toList()));
        List<AllRefused.Part> parts = new ArrayList<>();
        topics.forEach((topic, ranges) -> {
            long refused = ranges.stream().mapToLong(RangeResult::quarantined).sum();
            parts.add(new AllRefused.Part(
                    refused + (refused == 1 ? " new record of topic " : " new records of topic ") + topic,
                    ranges.stream()
                            .mapToLong(range -> range.written() + range.dropped())
                            .sum(),
                    refused,
                    settled.quarantine(),
                    Optional.of(topic)));
        });
        return new AllRefused(lake, table).warnings(parts);
    }

    private Draft land(Table table, Source.Kafka source, LedgerState state, List<OffsetPlan> plans, Consumers consumers)
            throws IOException {
        String commitId = lake.newCommitId();
        CommitFolders folders = new CommitFolders(lake, table, commitId);
        ValueFormat format = ValueFormat.of(source.format());
        WriterSchemas.Factory schemas = schemas(lake, format);
        LandingJob job = new LandingJob(
                lake.target().kafka(),
                options(lake, table, source),
                schemas,
                folders.output().toString());
        TopicLander lander = new TopicLander(
                new LocalRunner(lake.hadoop(), Runtime.getRuntime().availableProcessors(), consumers),
                () -> new SparkRunner(
                        JavaSparkContext.fromSparkContext(spark.get().sparkContext())),
                lake.hadoop().getLong(TopicLander.SMALL_SETTING, TopicLander.SMALL));
        LandingResult landed = lander.land(
                job, plans.stream().flatMap(p -> p.ranges().stream()).toList());
        CommitFolders.Settled settled = folders.settle(landed, NamedPartitions.of(source, schemas));
        List<String> warnings;
        Optional<ReaderSchema> reader;
        try {
            warnings = warnings(table, landed, settled);
            reader = readable(table, source, landed.ranges(), state);
        } catch (LakeException e) {
            folders.discard();
            throw e;
        }
        Map<String, Consumed.Topic> topics = new TreeMap<>();
        List<AcceptedGap> gaps = new ArrayList<>();
        for (OffsetPlan plan : plans) {
            Map<Integer, Consumed.Offsets> offsets = new TreeMap<>();
            plan.next()
                    .forEach((partition, next) -> offsets.put(
                            partition, new Consumed.Offsets(plan.starts().getOrDefault(partition, next), next)));
            topics.put(plan.topic(), new Consumed.Topic(Optional.of(plan.topicId()), offsets));
            for (Gap gap : plan.gaps()) {
                gaps.add(new AcceptedGap(
                        plan.topic(),
                        gap.partition(),
                        gap.expected(),
                        gap.resumed(),
                        gap.kind().toString()));
            }
        }
        Commit commit = lake.draft(table, commitId, Operation.LAND)
                .columns(reader.map(ReaderSchema::columns).orElse(state.columns()))
                .avroSchema(reader.map(ReaderSchema::avro).or(state::avroSchema))
                .consumed(new Consumed.Topics(topics))
                .acceptedGaps(gaps)
                .partitions(settled.partitions())
                .quarantine(settled.quarantine())
                .balance(Balance.landed(landed.read(), landed.written(), landed.quarantined(), landed.dropped()))
                .build();
        return new Draft(commit, warnings);
    }
}
