package dev.igarape.jobs.landing.jdbc.dialect;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;

/** A column of a table in a database. Columns are equal if the database says the same of them. */
public interface SourceColumn {
    /** As the database spells it. */
    String name();

    /** As the database shows it, e.g. {@code numeric(10,2)}. */
    String type();

    /** Whether landings read values of its type. */
    default boolean isReadable() {
        return true;
    }

    /** The type that the lake has for it if a table declares none. */
    DataType lakeType();

    /**
     * SQL expression for its values: of this type, or as text in a form that no setting of the server, the driver or the
     * machine changes, which {@code DatabaseValue} reads as this type. For arrays, maps and structs the text is JSON.
     */
    String text(DataType type);

    /** SQL expression for its values as the strings that the lake has, compared by their bytes in UTF-8, as Spark does. */
    String byBytes();

    /**
     * SQL expression of this column's type for the time at which a day begins; empty if the column dates no rows.
     *
     * @param timezone in which the day begins, whatever that of the server
     */
    Optional<String> startOf(LocalDate date, ZoneId timezone);
}
