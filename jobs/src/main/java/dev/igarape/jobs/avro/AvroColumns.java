package dev.igarape.jobs.avro;

import org.apache.avro.Schema;
import org.apache.spark.sql.avro.SchemaConverters;
import org.apache.spark.sql.types.StructType;

/** Maps an Avro record schema to Spark's columns. */
public final class AvroColumns {
    private AvroColumns() {}

    public static StructType sparkType(String avroSchema) {
        return (StructType) SchemaConverters.toSqlType(new Schema.Parser().parse(avroSchema))
                .dataType();
    }
}
