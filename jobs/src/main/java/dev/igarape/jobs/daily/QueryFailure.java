package dev.igarape.jobs.daily;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.igarape.jobs.failure.SparkFailure;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Explains why a table's query failed on a date, with the position in the SQL and an offending row if they are known.
 */
public final class QueryFailure {
    private static final Logger LOG = LoggerFactory.getLogger(QueryFailure.class);
    private static final List<List<String>> SOURCE_COLUMNS =
            List.of(List.of("topic", "partition", "offset"), List.of("file", "line"));

    private final Table table;
    private final LocalDate date;
    private final Rows inputs;

    /** @param inputs read only to find the row with a value */
    public QueryFailure(Table table, LocalDate date, Rows inputs) {
        this.table = table;
        this.date = date;
        this.inputs = inputs;
    }

    /** Rows that the query reads, by input. */
    public interface Rows {
        Map<TableName, Dataset<Row>> get() throws IOException;
    }

    /** The exception to throw instead: the original if it needs no explanation or does not come from the query. */
    public RuntimeException explain(Throwable thrown) {
        if (thrown instanceof LakeException known) {
            return known;
        }
        Optional<SparkFailure> failure = SparkFailure.of(thrown);
        if (failure.isPresent()) {
            return new LakeException(failure.get().exitCode(), message(thrown, failure.get()), thrown);
        }
        return thrown instanceof RuntimeException runtime ? runtime : new IllegalStateException(thrown);
    }

    private String message(Throwable thrown, SparkFailure failure) {
        boolean fits = !(thrown instanceof AnalysisException);
        String problem = fits
                ? "The query of " + table.name() + " failed on " + date + ": " + failure.problem()
                : "The SQL of " + table.name() + " does not fit its inputs: " + failure.problem();
        String at = SparkFailure.position(thrown).map(this::describePosition).orElse("");
        String row = fits && failure.exitCode() == ExitCode.DEFINITION
                ? failure.value()
                        .flatMap(this::row)
                        .map(found -> "; " + found + " has it")
                        .orElse("")
                : "";
        return problem + at + row + ". Nothing was committed; readers keep the version that they have. "
                + failure.remedy() + ", then run "
                + (fits ? "" : "./lake compile, and run ") + "again.";
    }

    /** The position as text; it may be in the SQL of an expectation. */
    private String describePosition(String position) {
        String fragment = position.replaceFirst(", line \\d+$", "");
        boolean query =
                table.definition().query().filter(sql -> sql.contains(fragment)).isPresent();
        return table.expectations().stream()
                .filter(expectation -> !query && expectation.check().contains(fragment))
                .findFirst()
                .map(expectation -> ", in " + fragment + " of expectation " + expectation.name())
                .orElse(", in " + position + " of its SQL");
    }

    /**
     * Source position of the landed row with this value; empty if there is none or more than one, or if the rows have
     * no source columns.
     */
    private Optional<String> row(String value) {
        try {
            for (Dataset<Row> rows : inputs.get().values()) {
                List<String> columns = List.of(rows.columns());
                for (List<String> position : SOURCE_COLUMNS) {
                    if (columns.containsAll(position)) {
                        Column json = functions.to_json(functions.struct(columns(rows)));
                        List<Row> found = rows.filter(containsValue(json, value))
                                .selectExpr(position.stream()
                                        .map(c -> "`" + c + "`")
                                        .toArray(String[]::new))
                                .limit(2)
                                .collectAsList();
                        if (found.size() == 1) {
                            return Optional.of(describe(position, found.get(0)));
                        }
                    }
                }
            }
        } catch (Exception e) {
            // Scala does not declare its exceptions; the row is optional in the message.
            LOG.debug("no row was found that holds the value", e);
        }
        return Optional.empty();
    }

    /** Whether a row has this text as a complete value, or within a JSON text. */
    private static Column containsValue(Column json, String value) {
        String text = ":" + TextNode.valueOf(value);
        String inText = ":" + text.substring(1).replace("\\", "\\\\").replace("\"", "\\\"");
        return functions
                .instr(json, text)
                .gt(0)
                .or(functions.instr(json, inText).gt(0));
    }

    private static Column[] columns(Dataset<Row> rows) {
        return Stream.of(rows.columns())
                .map(name -> functions.col("`" + name.replace("`", "``") + "`"))
                .toArray(Column[]::new);
    }

    private static String describe(List<String> position, Row row) {
        return position.size() == 2
                ? "line " + row.get(1) + " of " + row.get(0)
                : "offset " + row.get(2) + " of partition " + row.get(1) + " of topic " + row.get(0);
    }
}
