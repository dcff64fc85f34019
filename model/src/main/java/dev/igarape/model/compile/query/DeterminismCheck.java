package dev.igarape.model.compile.query;

import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceLocation;
import dev.igarape.model.sql.SqlParser.NonDeterministicUse;
import dev.igarape.model.sql.SqlParser.ParsedSql;
import java.util.function.Function;

/**
 * Check for non-deterministic SQL: the same input commits and definition must give the same rows. The parser finds the
 * uses, on its tree; this class words the diagnostics.
 */
public final class DeterminismCheck {
    private static final String DATE = "Use {run_date} for the date that is built or {next_date} for the one after it.";

    private final Function<NonDeterministicUse, SourceLocation> locations;
    private final Diagnostics diagnostics;

    /** @param locations where a use stands in the project */
    public DeterminismCheck(Function<NonDeterministicUse, SourceLocation> locations, Diagnostics diagnostics) {
        this.locations = locations;
        this.diagnostics = diagnostics;
    }

    /** Reports every non-deterministic use. */
    public void check(ParsedSql parsed) {
        parsed.nonDeterministic().forEach(use -> diagnostics.add(locations.apply(use), problem(use), remedy(use)));
    }

    private static String problem(NonDeterministicUse use) {
        String name = use.name();
        return switch (use.kind()) {
            case CLOCK, RANDOM, LAYOUT, SESSION, JAVA -> name + " answers differently on every run";
            case CLOCK_LITERAL -> "'" + name + "' is another date on every run";
            case ANY_ROW -> name + " takes any row where no order is given";
            case UNSORTED_COLLECTION -> name + " gathers values in an order that changes from run to run";
            case SAMPLE -> "TABLESAMPLE takes other rows on every run";
            case UNSORTED_LIMIT -> "LIMIT without ORDER BY takes any rows";
        };
    }

    private static String remedy(NonDeterministicUse use) {
        String name = use.name();
        return switch (use.kind()) {
            case CLOCK, CLOCK_LITERAL -> DATE;
            case RANDOM -> "Derive the value from the row, for example by xxhash64 or sha2 of its columns.";
            case LAYOUT ->
                "Derive the value from the row: where a row is stored and with which others changes from run"
                        + " to run.";
            case SESSION -> "Write the value itself: it depends on who runs the job.";
            case JAVA -> "Say it in SQL.";
            case ANY_ROW ->
                "Use min, max, min_by or max_by, or a window: " + name + "(…) OVER (PARTITION BY … ORDER BY …).";
            case UNSORTED_COLLECTION -> "Wrap it: sort_array(" + name + "(…)).";
            case SAMPLE -> "Filter by a hash of a column, for example WHERE pmod(xxhash64(id), 100) < 5.";
            case UNSORTED_LIMIT -> "Add an ORDER BY that leaves no ties.";
        };
    }
}
