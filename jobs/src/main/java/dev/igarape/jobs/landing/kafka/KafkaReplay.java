package dev.igarape.jobs.landing.kafka;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.landing.kafka.copy.RangeResult;
import dev.igarape.jobs.landing.kafka.copy.Replayer;
import dev.igarape.jobs.landing.kafka.output.LandingOptions;
import dev.igarape.jobs.landing.kafka.schema.ReaderSchema;
import dev.igarape.jobs.landing.kafka.schema.WriterSchemas;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.CommitLoop;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Reprocesses the quarantined records of a Kafka landing, after a schema, a definition or this program was fixed.
 *
 * <p>One call is one commit: it adds what can be landed now as a batch of its own and replaces the quarantine partitions
 * that it has read by what is still kept out. So a record is never in both, and a second replay of the same partitions
 * loses the race or finds them done. Offsets stay as they are: Kafka is not asked.
 */
public final class KafkaReplay {
    private final Lake lake;
    private final Publishing publisher;

    public KafkaReplay(Lake lake, Publishing publisher) {
        this.lake = lake;
        this.publisher = publisher;
    }

    /**
     * Replays and publishes; commits nothing if nothing can be landed that could not be before.
     *
     * @throws LakeException UNAVAILABLE if the registry is down
     */
    public TableRun run(Table table, Source.Kafka source) throws IOException, InterruptedException {
        Ledger ledger = lake.ledger(table.name());
        CommitLoop loop = new CommitLoop(table, ledger, publisher, lake.steps());
        String conflict = "replayed the same records, or changed the table's columns,";
        return loop.run("commit to " + table.name(), conflict, state -> {
            KafkaLanding.requireSamePartitioning(table, source, state);
            lake.steps().reached(Step.PLANNED);
            Optional<Commit> draft = replay(table, source, state);
            if (draft.isEmpty()) {
                long kept = state.quarantine().stream()
                        .mapToLong(placed -> placed.partition().rows())
                        .sum();
                return new CommitLoop.Unchanged<>(
                        () -> TableRun.unchanged(table.name(), state, Balance.landed(kept, 0, kept)));
            }
            return new CommitLoop.Draft<>(draft.get(), commit -> TableRun.committed(commit, List.of()));
        });
    }

    private static LakeException refused(Table table, LakeException refusal) {
        return new LakeException(
                ExitCode.DEFINITION,
                "Cannot replay " + table.name() + ": records in its quarantine can be read now, but not as rows of this"
                        + " table. " + refusal.getMessage() + " Nothing was committed; they stay in quarantine, where"
                        + " queries find them.",
                refusal);
    }

    /** Writes what the quarantine partitions give now; empty if that is what they hold already. */
    private Optional<Commit> replay(Table table, Source.Kafka source, LedgerState state) throws IOException {
        String commitId = lake.newCommitId();
        CommitFolders folders = new CommitFolders(lake, table, commitId);
        Path attempt = new Path(folders.output(), "_attempts/replay");
        LandingOptions options = KafkaLanding.options(lake, table, source);
        WriterSchemas.Factory schemas = KafkaLanding.schemas(lake, options.format());
        Replayer replayer = new Replayer(options, schemas.create(), lake.files());
        Map<PartitionVersion.Key, List<RangeResult>> mended = new LinkedHashMap<>();
        int read = 0;
        for (LedgerState.CurrentPartition placed : state.quarantine()) {
            PartitionVersion partition = placed.partition();
            List<RangeResult> results = new ArrayList<>();
            for (Path file : files(table, partition)) {
                results.addAll(replayer.replay(file, attempt, "replay-" + read++));
            }
            long records = results.stream().mapToLong(RangeResult::read).sum();
            if (records != partition.rows()) {
                throw new LakeException(
                        ExitCode.EXPECTATION,
                        "Cannot replay " + table.name() + ": " + partition.path() + " in quarantine holds " + records
                                + " records, and the ledger counts " + partition.rows()
                                + ". Nothing was committed; this is a bug or a broken disk.");
            }
            if (results.stream().anyMatch(result -> result.written() + result.dropped() > 0)) {
                mended.put(partition.key(), results);
            }
        }
        if (mended.isEmpty()) {
            folders.discard();
            return Optional.empty();
        }
        List<RangeResult> all = mended.values().stream().flatMap(List::stream).toList();
        CommitFolders.Settled settled = folders.settle(mended, NamedPartitions.of(source, schemas));
        Optional<ReaderSchema> reader;
        try {
            reader = KafkaLanding.reader(lake, source, all, state.avroSchema());
        } catch (LakeException e) {
            folders.discard();
            throw e.exitCode() == ExitCode.DEFINITION ? refused(table, e) : e;
        }
        return Optional.of(lake.draft(table, commitId, Operation.REPLAY)
                .columns(reader.map(ReaderSchema::columns).orElse(state.columns()))
                .avroSchema(reader.map(ReaderSchema::avro).or(state::avroSchema))
                .partitions(settled.partitions())
                .quarantine(settled.quarantine())
                .balance(Balance.landed(
                        all.stream().mapToLong(RangeResult::read).sum(),
                        all.stream().mapToLong(RangeResult::written).sum(),
                        all.stream().mapToLong(RangeResult::quarantined).sum(),
                        all.stream().mapToLong(RangeResult::dropped).sum()))
                .build());
    }

    private List<Path> files(Table table, PartitionVersion partition) throws IOException {
        List<Path> files = new ArrayList<>();
        if (partition.rows() > 0) {
            Path folder = new Path(new TableLayout(lake.target(), table).quarantineFolder(), partition.path());
            for (FileStatus status : lake.files().listStatus(folder)) {
                if (status.isFile() && status.getPath().getName().endsWith(".avro")) {
                    files.add(status.getPath());
                }
            }
        }
        return files;
    }
}
