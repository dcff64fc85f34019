package dev.igarape.model.compile.table;

import dev.igarape.model.Definition;
import dev.igarape.model.sql.SqlParser.ParsedSql;
import java.util.List;
import java.util.Optional;

/**
 * A table's definition as read.
 *
 * @param inputs tables that it reads
 * @param parsed present for Spark SQL
 */
public record ParsedDefinition(
        Definition definition, List<ParsedTable.ParsedInput> inputs, Optional<ParsedSql> parsed) {}
