package dev.igarape.jobs.landing.jdbc;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import java.sql.SQLException;
import java.time.LocalDate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The rows of a database's table as they are now, in the columns and types that a table of the lake declares. */
public final class DatabaseRows {
    private final JdbcQuery query;
    private final LocalDate date;

    /**
     * @param source its {@code by} says which rows are of the date; empty: all rows, whatever the date
     * @param date the day in the pipeline's time zone
     */
    public DatabaseRows(Lake lake, Table table, Source.Jdbc source, LocalDate date) {
        this.query = JdbcQuery.ofDeclared(lake, table, source, lake.timezone(table));
        this.date = date;
    }

    /** The rows, which Spark reads later; {@link #failure} explains exceptions of both steps. */
    public Dataset<Row> of(SparkSession session, KeyRange keys) throws SQLException {
        return query.rows(session, date, keys);
    }

    /** Explains an exception of reading as a LakeException; other exceptions are returned unchanged. */
    public RuntimeException failure(Exception thrown) {
        return query.failure(thrown, date);
    }
}
