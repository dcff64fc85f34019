package dev.igarape.model.compile.table;

import dev.igarape.model.AllowedLateness;
import dev.igarape.model.Definition;
import dev.igarape.model.Expectation;
import dev.igarape.model.Refresh;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.Trait;
import dev.igarape.model.compile.diagnostic.SourceLocation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table as parsed.
 *
 * @param kind the one that is declared; empty where none is
 * @param definition absent where something is wrong with it, which has been reported
 */
public record ParsedTable(
        TableName name,
        SourceLocation location,
        String description,
        Optional<KindReader> kind,
        Optional<Definition> definition,
        Map<String, String> columns,
        List<ParsedInput> inputs,
        List<Expectation> expectations,
        String retention,
        Optional<AllowedLateness> waitFor,
        Optional<Table.AllRefused> allRefused) {
    /** Whether it is known to be built from the rows of others. */
    public boolean isPlanned() {
        return kind.filter(reader -> reader.traits().contains(Trait.PLANNED)).isPresent();
    }

    /** Whether it is known to have no rows of its own. */
    public boolean holdsNoRows() {
        return kind.filter(reader -> !reader.traits().contains(Trait.ROWS)).isPresent();
    }

    /** Whether it is known to have rows by key, and so no dates. */
    public boolean isKeyed() {
        return kind.filter(reader -> reader.traits().contains(Trait.KEYED)).isPresent();
    }

    /**
     * An input of the table, and where it is declared or named in the SQL.
     *
     * @param lookback earlier dates that a table of whole dates reads
     * @param lookbackTime time before an interval that a table with intervals reads
     * @param refresh which changes of an input without dates make dates stale; empty where nothing is declared
     * @param location where the table is read
     * @param declared where what is said of it is declared
     */
    public record ParsedInput(
            TableName table,
            int lookback,
            Optional<Duration> lookbackTime,
            Optional<Refresh> refresh,
            SourceLocation location,
            SourceLocation declared) {
        /** An input of which nothing is declared. */
        public ParsedInput(TableName table, SourceLocation location) {
            this(table, 0, Optional.empty(), Optional.empty(), location, location);
        }

        /** Whether a lookback is declared. */
        public boolean looksBack() {
            return lookback > 0 || lookbackTime.isPresent();
        }

        /** The same, read there. */
        ParsedInput at(SourceLocation place) {
            return new ParsedInput(table, lookback, lookbackTime, refresh, place, declared);
        }
    }
}
