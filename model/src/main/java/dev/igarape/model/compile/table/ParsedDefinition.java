package dev.igarape.model.compile.table;

import dev.igarape.model.Definition;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.sql.SqlParser.ParsedSql;
import java.util.List;
import java.util.Optional;

/**
 * A table's definition as read.
 *
 * @param inputs tables that it reads
 * @param parsed present for Spark SQL
 * @param time the column of event times, where one is declared
 * @param keys columns by which a table with keys has its rows
 */
public record ParsedDefinition(
        Definition definition,
        List<ParsedTable.ParsedInput> inputs,
        Optional<ParsedSql> parsed,
        Optional<SourceText> time,
        Optional<Keys> keys) {
    /** Without a column of event times, and without keys. */
    public ParsedDefinition(Definition definition, List<ParsedTable.ParsedInput> inputs, Optional<ParsedSql> parsed) {
        this(definition, inputs, parsed, Optional.empty(), Optional.empty());
    }

    /** With keys. */
    ParsedDefinition(
            Definition definition, List<ParsedTable.ParsedInput> inputs, Optional<ParsedSql> parsed, Keys keys) {
        this(definition, inputs, parsed, Optional.empty(), Optional.of(keys));
    }

    /** Names of columns, as declared: those that name a row, and those that put its events in order. */
    public record Keys(List<SourceText> keys, List<SourceText> sequenceBy) {
        public Keys {
            keys = List.copyOf(keys);
            sequenceBy = List.copyOf(sequenceBy);
        }
    }
}
