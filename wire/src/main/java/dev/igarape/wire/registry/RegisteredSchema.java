package dev.igarape.wire.registry;

import java.util.Objects;
import org.apache.avro.Schema;

/**
 * A registered schema: a version of a subject.
 *
 * @param version counts from 1 within the subject
 * @param id the registry's id of the schema, as in the wire format; ids have gaps
 */
public record RegisteredSchema(String subject, int version, int id, Schema schema) {
    public RegisteredSchema {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(schema, "schema");
    }
}
