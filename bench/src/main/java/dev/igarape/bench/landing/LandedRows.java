package dev.igarape.bench.landing;

import dev.igarape.bench.harness.Checksum;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.avro.functions;

/** Click events as Spark rows: decodes messages, and takes checksums of rows. */
final class LandedRows {
    private LandedRows() {}

    /** Replaces column {@code value}, the messages, by {@code schema_id} and {@code value}, the decoded records. */
    static Dataset<Row> decode(Dataset<Row> messages, ClickTopic topic) {
        Column id = org.apache.spark.sql.functions.expr("CAST(conv(hex(substring(value, 2, 4)), 16, 10) AS int)");
        Column value = org.apache
                .spark
                .sql
                .functions
                .when(id.equalTo(topic.first()), decode(ClickTopic.OLDER))
                .when(id.equalTo(topic.second()), decode(ClickTopic.NEWER));
        return messages.withColumn("schema_id", id).withColumn("value", value);
    }

    private static Column decode(Schema writer) {
        return functions.from_avro(
                org.apache.spark.sql.functions.expr("substring(value, 6)"),
                writer.toString(),
                Map.of("mode", "FAILFAST", "avroSchema", ClickTopic.NEWER.toString()));
    }

    /** The checksum of rows with {@code schema_id} and {@code value}; a value's {@code count} is in no other. */
    static Checksum checksum(Dataset<Row> rows) {
        Column hash = org.apache.spark.sql.functions.expr("CAST(xxhash64(schema_id, value.username, value.page,"
                + " value.event, value.at, value.count, value.session, value.referrer) AS decimal(38,0))");
        Row sum = rows.agg(
                        org.apache.spark.sql.functions.count(org.apache.spark.sql.functions.lit(1)),
                        org.apache.spark.sql.functions.sum(hash))
                .first();
        return new Checksum(sum.getLong(0), String.valueOf(sum.get(1)));
    }
}
