package dev.igarape.bench.merge;

import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.jobs.kind.Resources;
import dev.igarape.jobs.kind.RunContext;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.ParquetFolder;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.sql.TableColumns;
import dev.igarape.model.Manifest;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.compile.ProjectCompiler;
import dev.igarape.model.sql.SqlParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Ours: a step of a current table, whose input has got a commit of a new date with the round's events. */
final class CurrentTable extends MergeCandidate {
    private static final TableName CHANGES = TableName.parse("trusted.item_changes");
    private static final TableName ITEMS = TableName.parse("trusted.items");
    private static final LocalDate FIRST = LocalDate.parse("2024-01-01");

    private final SparkSession spark;
    private final Lake lake;
    /** As of a live service, whose process takes all steps. */
    private final Resources resources = new Resources();

    private CurrentTable(SparkSession spark, Lake lake) {
        super("a current table");
        this.spark = spark;
        this.lake = lake;
    }

    /** @param project a folder that gets the definitions */
    static CurrentTable open(SparkSession spark, ScratchTarget scratch, Path project) throws IOException {
        Path pipeline = Files.createDirectories(project.resolve("pipelines/items"));
        Files.writeString(pipeline.resolve("pipeline.yaml"), """
                pipeline: items
                owner: bench
                schedule: "@daily"
                start_date: %s
                tables:
                  raw.item_changes:
                    landing: {http: {url: "http://127.0.0.1/items"}}
                  trusted.item_changes:
                    daily: {sql: changes.sql}
                  trusted.items:
                    current: {sql: items.sql, keys: [id], sequence_by: [updated], delete_when: "status = 'delete'"}
                    columns: {id: bigint, name: string, price: int, status: string, updated: timestamp}
                """.formatted(FIRST));
        Files.writeString(
                pipeline.resolve("changes.sql"), "SELECT body FROM raw.item_changes WHERE date = {run_date}\n");
        Files.writeString(
                pipeline.resolve("items.sql"), "SELECT id, name, price, status, updated FROM trusted.item_changes\n");
        Manifest manifest =
                new ProjectCompiler(SqlParser.load()).compile(project).orThrow();
        return new CurrentTable(spark, scratch.lake(manifest, Clock.systemUTC()));
    }

    /** Commits the events of a round to the input; others read the same files. */
    String land(Items items, int round) throws IOException {
        Table table = lake.table(CHANGES);
        LocalDate date = FIRST.plusDays(round);
        String commitId = lake.newCommitId();
        String path = commitId + "/date=" + date;
        org.apache.hadoop.fs.Path folder =
                new org.apache.hadoop.fs.Path(lake.target().folder(CHANGES), path);
        Dataset<Row> events = items.events(round);
        events.write().parquet(folder.toString());
        PartitionVersion partition = ParquetFolder.measure(lake.files(), lake.hadoop(), folder, path, date);
        Balance balance = Balance.landed(partition.rows(), partition.rows(), 0);
        Ledger ledger = lake.ledger(CHANGES);
        ledger.commit(
                lake.draft(table, commitId, Operation.BUILD)
                        .columns(TableColumns.of(events.schema()))
                        .dates(List.of(new DateBuild(date, Map.of(), false, balance, List.of())))
                        .partitions(List.of(partition))
                        .balance(balance)
                        .build(),
                ledger.read());
        return folder.toString();
    }

    @Override
    void take(int round) throws Exception {
        Table table = lake.table(ITEMS);
        RunContext context = new RunContext(lake, Publishing.NONE, () -> spark, resources);
        BuiltInKinds.ALL.of(table).build(context, table, List.of(FIRST.plusDays(round)), RunOptions.NONE);
    }

    @Override
    Dataset<Row> rows() throws IOException {
        DeltaVersion version = lake.ledger(ITEMS).read().delta().orElseThrow();
        return delta(spark, lake.target().folder(ITEMS) + "/" + version.folder());
    }
}
