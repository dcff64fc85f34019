package dev.igarape.model.compile.table;

import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.sql.SqlParser;
import java.nio.file.Path;

/**
 * The folder of a pipeline while it is compiled.
 *
 * @param name as diagnostics show it, {@code pipelines/orders}
 * @param parser reads Spark SQL
 * @param diagnostics where problems are reported
 */
public record PipelineFolder(Path path, String name, SqlParser parser, Diagnostics diagnostics) {}
