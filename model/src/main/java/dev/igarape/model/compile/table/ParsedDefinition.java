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
 */
public record ParsedDefinition(
        Definition definition,
        List<ParsedTable.ParsedInput> inputs,
        Optional<ParsedSql> parsed,
        Optional<SourceText> time) {
    /** Without a column of event times. */
    public ParsedDefinition(Definition definition, List<ParsedTable.ParsedInput> inputs, Optional<ParsedSql> parsed) {
        this(definition, inputs, parsed, Optional.empty());
    }
}
