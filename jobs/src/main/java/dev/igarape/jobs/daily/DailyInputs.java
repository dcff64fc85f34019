package dev.igarape.jobs.daily;

import dev.igarape.jobs.input.InputSnapshot;
import dev.igarape.jobs.input.InputVersions;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.plan.Freshness;
import dev.igarape.model.Input;
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
import java.util.TreeMap;
import java.util.function.ToLongBiFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Snapshot of all inputs of a daily table. */
final class DailyInputs {
    private final Table table;
    private final Map<TableName, InputSnapshot> inputs;

    private DailyInputs(Table table, Map<TableName, InputSnapshot> inputs) {
        this.table = table;
        this.inputs = inputs;
    }

    static DailyInputs read(Lake lake, Table table) throws IOException {
        Map<TableName, InputSnapshot> inputs = new LinkedHashMap<>();
        for (Input input : table.inputs()) {
            inputs.put(input.table(), InputSnapshot.open(lake, input.table(), table.name()));
        }
        return new DailyInputs(table, inputs);
    }

    /** How the table's dates stand towards these inputs. */
    Freshness freshness(LedgerState state) {
        return new Freshness(table, state, versions());
    }

    /** What each input has. */
    Map<TableName, InputVersions> versions() {
        Map<TableName, InputVersions> versions = new LinkedHashMap<>();
        inputs.forEach((name, input) -> versions.put(name, input.versions()));
        return versions;
    }

    /** The input commits that a date reads. */
    Map<TableName, SequenceSet> commitsOf(LocalDate date) {
        Map<TableName, SequenceSet> commits = new TreeMap<>();
        for (Input input : table.inputs()) {
            commits.put(
                    input.table(),
                    SequenceSet.of(
                            versions(input).commits(date, input.lookback()).keySet()));
        }
        return commits;
    }

    /** Rows that the inputs hold for a date. */
    long rowsOf(LocalDate date) {
        return sum(date, InputVersions::rows);
    }

    /** Bytes that the inputs hold for a date. */
    long bytesOf(LocalDate date) {
        return sum(date, InputVersions::bytes);
    }

    private long sum(LocalDate date, ToLongBiFunction<InputVersions, LocalDate> measure) {
        long sum = 0;
        for (Input input : table.inputs()) {
            for (LocalDate day : days(input, date)) {
                sum += measure.applyAsLong(versions(input), day);
            }
        }
        return sum;
    }

    /**
     * Refuses dates that an input lacks. A topic or folder that was landed may have no rows on a date; any other input
     * must have been built for it. Earlier dates that only a lookback reads may be missing.
     */
    void requirePresent(List<LocalDate> dates) {
        List<String> missing = new ArrayList<>();
        for (Input input : table.inputs()) {
            InputVersions versions = versions(input);
            if (!versions.isDated()) {
                if (versions.isEmpty()) {
                    missing.add(input.table() + " was never landed");
                }
                continue;
            }
            List<LocalDate> absent =
                    dates.stream().filter(d -> !versions.has(d)).toList();
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

    /** Each input's rows that a build of this date reads. */
    Map<TableName, Dataset<Row>> rows(SparkSession session, LocalDate date) throws IOException {
        Map<TableName, Dataset<Row>> all = new LinkedHashMap<>();
        for (Input input : table.inputs()) {
            Dataset<Row> rows = null;
            for (LocalDate day : days(input, date)) {
                Dataset<Row> dayRows = inputs.get(input.table()).rows().of(session, day);
                rows = rows == null ? dayRows : rows.unionByName(dayRows);
            }
            all.put(input.table(), rows);
        }
        return all;
    }

    private InputVersions versions(Input input) {
        return inputs.get(input.table()).versions();
    }

    private static List<LocalDate> days(Input input, LocalDate date) {
        return date.minusDays(input.lookback()).datesUntil(date.plusDays(1)).toList();
    }
}
