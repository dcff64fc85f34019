package dev.igarape.jobs.avro;

import org.apache.avro.Schema;
import org.apache.spark.sql.avro.SchemaConverters;
import org.apache.spark.sql.types.StructType;

/** Spark's columns of an Avro record. */
public final class AvroColumns {
    private AvroColumns() {}

    public static StructType sparkType(String avroSchema) {
        return (StructType) SchemaConverters.toSqlType(new Schema.Parser().parse(avroSchema))
                .dataType();
    }
}
