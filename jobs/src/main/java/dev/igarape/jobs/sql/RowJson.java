package dev.igarape.jobs.sql;

import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** Rows as JSON without loss of precision: Spark's default keeps only milliseconds. */
public final class RowJson {
    private static final Map<String, String> WHOLE = Map.of(
            "timestampFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXXXX",
            "timestampNTZFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSS",
            "ignoreNullFields", "false");

    private RowJson() {}

    /** A JSON object of these columns, including nulls; timestamps are in the session's time zone. */
    public static Column of(Column... columns) {
        return functions.to_json(functions.struct(columns), WHOLE);
    }
}
