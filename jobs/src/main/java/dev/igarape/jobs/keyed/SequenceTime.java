package dev.igarape.jobs.keyed;

import dev.igarape.model.KeyedDefinition;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/** The first column of a sequence, which says when an event was: a timestamp with or without a zone, or a date. */
final class SequenceTime {
    private final String name;
    private final DataType type;

    private SequenceTime(String name, DataType type) {
        this.name = name;
        this.type = type;
    }

    /** @param columns those of an event, or of its {@link Latest#ORDER} */
    static SequenceTime of(KeyedDefinition definition, StructType columns) {
        String name = definition.sequenceBy().get(0);
        return new SequenceTime(name, columns.apply(name).dataType());
    }

    String name() {
        return name;
    }

    /** A time of this type as ISO-8601 has it; the value is what Spark gives. */
    static String text(Object time) {
        return time.toString();
    }

    /** What {@link #text} has written. */
    Column parsed(String text) {
        if (type instanceof TimestampType) {
            return functions.lit(Instant.parse(text));
        }
        return type instanceof DateType
                ? functions.lit(LocalDate.parse(text))
                : functions.lit(LocalDateTime.parse(text));
    }

    /** A moment as a time of this type. */
    Column at(Instant moment, ZoneId zone) {
        if (type instanceof TimestampType) {
            return functions.lit(moment);
        }
        LocalDateTime local = LocalDateTime.ofInstant(moment, zone);
        return type instanceof DateType ? functions.lit(local.toLocalDate()) : functions.lit(local);
    }
}
