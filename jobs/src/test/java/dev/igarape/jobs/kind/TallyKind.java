package dev.igarape.jobs.kind;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.igarape.jobs.input.DatedInput;
import dev.igarape.jobs.input.Reach;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.ParquetFolder;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.plan.Freshness;
import dev.igarape.jobs.publish.CommitLoop;
import dev.igarape.model.Definition;
import dev.igarape.model.Storage;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.Trait;
import dev.igarape.model.compile.table.KindReader;
import dev.igarape.model.compile.table.ParsedDefinition;
import dev.igarape.model.compile.table.ParsedTable;
import dev.igarape.model.compile.table.PipelineFolder;
import dev.igarape.model.compile.yaml.YamlMap;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A kind that Igarapé does not have: {@code tally: {of: raw.events}} has a row a date, with the number of its events. */
final class TallyKind implements TableKind {
    static final String NAME = "tally";

    /** The whole of a table's declaration. */
    @JsonTypeName(NAME)
    record Tally(TableName of) implements Definition {
        @Override
        public String kindName() {
            return NAME;
        }

        @Override
        public Set<Trait> traits() {
            return Set.of(Trait.ROWS, Trait.DATED, Trait.PLANNED, Trait.COMPACTED);
        }

        @Override
        public Optional<Storage> storage() {
            return Optional.of(Storage.byDate(Storage.Format.PARQUET));
        }
    }

    /** Its half in the compiler. */
    static final class Reader implements KindReader {
        @Override
        public String key() {
            return NAME;
        }

        @Override
        public Class<Tally> definition() {
            return Tally.class;
        }

        @Override
        public Set<Trait> traits() {
            return new Tally(TableName.parse("raw.any")).traits();
        }

        @Override
        public boolean isRaw() {
            return false;
        }

        @Override
        public Optional<ParsedDefinition> read(YamlMap table, PipelineFolder folder) {
            return table.map(NAME, "Write `tally: {of: raw.events}`.")
                    .flatMap(body -> body.required("of", "Name a table."))
                    .map(of -> new ParsedDefinition(
                            new Tally(TableName.parse(of.value())),
                            List.of(new ParsedTable.ParsedInput(TableName.parse(of.value()), of.location())),
                            Optional.empty()));
        }
    }

    @Override
    public boolean handles(Definition definition) {
        return definition instanceof Tally;
    }

    @Override
    public List<TableRun> build(RunContext context, Table table, List<LocalDate> dates, RunOptions options)
            throws IOException, InterruptedException {
        Lake lake = context.lake();
        Ledger ledger = lake.ledger(table.name());
        TableName of = ((Tally) table.definition()).of();
        CommitLoop loop = new CommitLoop(table, ledger, context.publisher(), lake.steps());
        return loop.run("build " + table.name(), "built the same dates", state -> {
            DatedInput input = DatedInput.open(lake, of, table.name());
            Freshness freshness = new Freshness(table, ZoneOffset.UTC, state, Map.of(of, input.versions()), Map.of());
            List<LocalDate> due = new ArrayList<>();
            for (LocalDate date : dates) {
                if (!freshness.of(date).isFresh()) {
                    due.add(date);
                }
            }
            return due.isEmpty()
                    ? new CommitLoop.Unchanged<>(
                            () -> TableRun.ofDates(table.name(), dates, ledger.read(), Optional.empty()))
                    : new CommitLoop.Draft<>(
                            write(context, table, of, input, due),
                            commit -> TableRun.ofDates(table.name(), dates, ledger.read(), Optional.of(commit)));
        });
    }

    private static Commit write(RunContext context, Table table, TableName of, DatedInput input, List<LocalDate> dates)
            throws IOException {
        Lake lake = context.lake();
        String commitId = lake.newCommitId();
        List<DateBuild> builds = new ArrayList<>();
        List<PartitionVersion> partitions = new ArrayList<>();
        Balance balance = Balance.NONE;
        for (LocalDate date : dates) {
            String path = commitId + "/date=" + date;
            org.apache.hadoop.fs.Path folder =
                    new org.apache.hadoop.fs.Path(lake.target().folder(table.name()), path);
            Dataset<Row> rows = input.rows().of(context.spark().get(), date);
            rows.selectExpr("coalesce(sum(json_array_length(body)), 0) AS events")
                    .coalesce(1)
                    .write()
                    .parquet(folder.toString());
            partitions.add(ParquetFolder.measure(lake.files(), lake.hadoop(), folder, path, date));
            SequenceSet commits =
                    input.versions().commits(date, Reach.of(table.inputs().get(0), ZoneOffset.UTC));
            Balance one = Balance.landed(1, 1, 0);
            builds.add(new DateBuild(date, Map.of(of, commits), false, one, List.of()));
            balance = balance.plus(one);
        }
        return lake.draft(table, commitId, Operation.BUILD)
                .columns(Map.of("events", "bigint"))
                .dates(builds)
                .partitions(partitions)
                .balance(balance)
                .build();
    }

    @Override
    public List<TableRun> replay(RunContext context, Table table) {
        throw TableKind.nothingToReplay(table, "counts all rows.");
    }

    @Override
    public GivenFormat givenFormat(Lake lake, Table table, Path project, String test) {
        return GivenFormat.AS_GIVEN;
    }
}
