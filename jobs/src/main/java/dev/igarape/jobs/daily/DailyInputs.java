package dev.igarape.jobs.daily;

import dev.igarape.jobs.avro.AvroColumns;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.Placed;
import dev.igarape.jobs.plan.Freshness;
import dev.igarape.jobs.plan.InputDates;
import dev.igarape.jobs.storage.DataFiles;
import dev.igarape.model.Definition;
import dev.igarape.model.Input;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** The inputs of a daily table, as their ledgers stood at one moment. */
final class DailyInputs {
    private final Lake lake;
    private final Table table;
    private final Map<TableName, LedgerState> states;
    private final Map<TableName, InputDates> dates = new LinkedHashMap<>();

    private DailyInputs(Lake lake, Table table, Map<TableName, LedgerState> states) {
        this.lake = lake;
        this.table = table;
        this.states = states;
        states.forEach((name, state) -> dates.put(name, new InputDates(state)));
    }

    static DailyInputs read(Lake lake, Table table) throws IOException {
        Map<TableName, LedgerState> states = new LinkedHashMap<>();
        for (Input input : table.inputs()) {
            states.put(input.table(), lake.ledger(input.table()).read());
        }
        return new DailyInputs(lake, table, states);
    }

    /** How the table's dates stand towards these inputs. */
    Freshness freshness(LedgerState state) {
        return new Freshness(table, state, dates);
    }

    /** The input commits that a date reads. */
    Map<TableName, List<Long>> commitsOf(LocalDate date) {
        Map<TableName, List<Long>> commits = new TreeMap<>();
        for (Input input : table.inputs()) {
            commits.put(
                    input.table(),
                    List.copyOf(dates.get(input.table())
                            .commits(date, input.lookback())
                            .keySet()));
        }
        return commits;
    }

    /** Rows that the inputs hold for a date. */
    long rowsOf(LocalDate date) {
        long rows = 0;
        for (Input input : table.inputs()) {
            for (LocalDate day : days(input, date)) {
                for (Placed placed : states.get(input.table()).partitionsOf(day)) {
                    rows += placed.partition().rows();
                }
            }
        }
        return rows;
    }

    /** Bytes that the inputs hold for a date. */
    long bytesOf(LocalDate date) {
        long bytes = 0;
        for (Input input : table.inputs()) {
            for (LocalDate day : days(input, date)) {
                for (Placed placed : states.get(input.table()).partitionsOf(day)) {
                    bytes += placed.partition().bytes();
                }
            }
        }
        return bytes;
    }

    /**
     * Refuses dates that an input lacks. A topic or folder that was landed may have no rows on a date; any other input
     * must have been built for it. Earlier dates that only a lookback reads may be missing.
     */
    void requirePresent(List<LocalDate> dates) {
        List<String> missing = new ArrayList<>();
        for (Input input : table.inputs()) {
            LedgerState state = states.get(input.table());
            if (lake.table(input.table()).landsWhatIsNew()) {
                if (state.head() == 0) {
                    missing.add(input.table() + " was never landed");
                }
                continue;
            }
            List<LocalDate> absent =
                    dates.stream().filter(d -> state.partitionsOf(d).isEmpty()).toList();
            if (!absent.isEmpty()) {
                missing.add(input.table() + " has no " + summary(absent));
            }
        }
        if (!missing.isEmpty()) {
            throw new LakeException(
                    ExitCode.NO_INPUT,
                    "Cannot build " + table.name() + ": " + String.join("; ", missing)
                            + ". Build the input first, e.g. ./lake run "
                            + table.inputs().get(0).table() + " --date " + dates.get(0) + ".");
        }
    }

    static String summary(List<LocalDate> dates) {
        return dates.size() <= 3
                ? dates.toString()
                : dates.size() + " dates from " + dates.get(0) + " to " + dates.get(dates.size() - 1);
    }

    /**
     * Each input's rows that a build of this date reads.
     *
     * @throws LakeException (EXPECTATION) if files of an input are not what its ledger says
     */
    Map<TableName, Dataset<Row>> rows(SparkSession session, LocalDate date) throws IOException {
        Map<TableName, Dataset<Row>> inputs = new LinkedHashMap<>();
        for (Input input : table.inputs()) {
            Dataset<Row> rows = null;
            for (LocalDate day : days(input, date)) {
                Dataset<Row> dayRows = load(session, input.table(), day);
                rows = rows == null ? dayRows : rows.unionByName(dayRows);
            }
            inputs.put(input.table(), rows);
        }
        return inputs;
    }

    private Dataset<Row> load(SparkSession session, TableName name, LocalDate day) throws IOException {
        LedgerState state = states.get(name);
        String folder = lake.target().folder(name);
        for (Placed placed : state.partitionsOf(day)) {
            requireWhole(name, placed, new Path(folder, placed.partition().path()));
        }
        String[] paths = state.partitionsOf(day).stream()
                .map(p -> folder + "/" + p.partition().path())
                .toArray(String[]::new);
        Definition definition = lake.table(name).definition();
        Dataset<Row> rows;
        if (definition instanceof Definition.Landing landing && landing.source() instanceof Source.Http) {
            rows = paths.length == 0
                    ? session.createDataFrame(List.of(), StructType.fromDDL("body string"))
                    : session.read()
                            .option("wholetext", true)
                            .option("recursiveFileLookup", true)
                            .text(paths)
                            .withColumnRenamed("value", "body");
        } else if (lake.table(name).landsWhatIsNew()) {
            rows = landed(session, name, state, day);
        } else {
            StructType columns = StructType.fromDDL(ddl(state.columns()));
            // A table that is partitioned by date alone has one partition of it.
            rows = paths.length == 0
                    ? session.createDataFrame(List.of(), columns)
                    : parquet(name, day, paths[0], columns).rows(session, columns);
        }
        return rows.withColumn("date", functions.lit(java.sql.Date.valueOf(day)));
    }

    /** Files that were cut off where a block ends, or lost, would be read as fewer rows without any error. */
    private void requireWhole(TableName name, Placed placed, Path folder) throws IOException {
        if (placed.partition().isEmptied()) {
            return;
        }
        long there = DataFiles.bytes(lake.files(), folder);
        if (there != placed.partition().bytes()) {
            throw new LakeException(
                    ExitCode.EXPECTATION,
                    "Cannot build " + table.name() + ": " + folder + " of " + name + " holds " + there
                            + " bytes, but commit " + placed.sequence() + " wrote "
                            + placed.partition().bytes()
                            + ". Something else than the lake has changed its files. Put them back, e.g. from a"
                            + " snapshot, and run again; until then readers keep the version that they have.");
        }
    }

    private ParquetDate parquet(TableName name, LocalDate day, String folder, StructType columns) throws IOException {
        ParquetDate written = ParquetDate.open(lake, new Path(folder), columns);
        List<String> unreadable = written.unreadable(columns);
        if (!unreadable.isEmpty()) {
            boolean landed = lake.table(name).definition() instanceof Definition.Landing;
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Cannot build " + table.name() + ": " + name + " of " + day + " was written when its columns had"
                            + " other types, which those that they have now can't hold: "
                            + String.join(", ", unreadable)
                            + ". Write that date anew first: ./lake run " + name + " --date " + day
                            + (landed ? " --refetch" : "") + ".");
        }
        return written;
    }

    private Dataset<Row> landed(SparkSession session, TableName name, LedgerState state, LocalDate day) {
        String schema = state.avroSchema()
                .orElseThrow(() -> new LakeException(
                        ExitCode.NO_INPUT,
                        "Cannot build " + table.name() + ": nothing of " + name
                                + " was landed yet, so its columns are unknown. Send events, land them, and"
                                + " run again."));
        Map<Optional<String>, List<String>> paths = new LinkedHashMap<>();
        for (Placed placed : state.partitionsOf(day)) {
            paths.computeIfAbsent(placed.partition().recordName(), recordName -> new ArrayList<>())
                    .add(lake.target().folder(name) + "/" + placed.partition().path());
        }
        Definition.Landing landing = (Definition.Landing) lake.table(name).definition();
        boolean named = landing.source() instanceof Source.Kafka kafka
                && kafka.partitionBy().isPresent();
        if (paths.isEmpty()) {
            Dataset<Row> none = session.createDataFrame(List.of(), AvroColumns.sparkType(schema));
            return named ? none.withColumn(Source.Kafka.RECORD_NAME, functions.lit("")) : none;
        }
        Dataset<Row> rows = null;
        for (Map.Entry<Optional<String>, List<String>> partitions : paths.entrySet()) {
            Dataset<Row> some = session.read()
                    .format("avro")
                    .option("avroSchema", schema)
                    .option("recursiveFileLookup", true)
                    .load(partitions.getValue().toArray(String[]::new));
            if (named) {
                String recordName = partitions.getKey().orElse("");
                some = some.withColumn(Source.Kafka.RECORD_NAME, functions.lit(recordName));
            }
            rows = rows == null ? some : rows.unionByName(some);
        }
        return rows;
    }

    static String ddl(Map<String, String> columns) {
        List<String> fields = new ArrayList<>();
        columns.forEach((column, type) -> fields.add("`" + column + "` " + type));
        return String.join(", ", fields);
    }

    private static List<LocalDate> days(Input input, LocalDate date) {
        return date.minusDays(input.lookback()).datesUntil(date.plusDays(1)).toList();
    }
}
