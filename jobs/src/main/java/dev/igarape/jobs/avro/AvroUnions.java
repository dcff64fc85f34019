package dev.igarape.jobs.avro;

import org.apache.avro.Schema;

/** Unions, by which Avro says that a value may be null. */
public final class AvroUnions {
    private AvroUnions() {}

    /** The first type of a union that is not null; a schema that is no union, or has no other type, as it is. */
    public static Schema withoutNull(Schema schema) {
        return schema.getType() != Schema.Type.UNION
                ? schema
                : schema.getTypes().stream()
                        .filter(branch -> branch.getType() != Schema.Type.NULL)
                        .findFirst()
                        .orElse(schema);
    }
}
