package dev.igarape.jobs.landing.kafka.schema;

import java.io.Serializable;
import org.apache.avro.Schema;

/** Source of writer schemas. */
@FunctionalInterface
public interface WriterSchemas {
    /**
     * Looks up the schema of an id.
     *
     * @throws dev.igarape.model.error.LakeException if the registry can't answer, e.g. because it is down
     */
    Lookup byId(int id);

    /** Result of a lookup. */
    sealed interface Lookup {}

    /** The schema exists. */
    record Known(Schema schema) implements Lookup {}

    /** The registry has no such schema. */
    record Unknown(String reason) implements Lookup {}

    /** The registry has the schema, but it can't be used for decoding. */
    record Unusable(String reason) implements Lookup {}

    /** For values without a schema id. */
    static WriterSchemas none() {
        return id -> new Unknown("values in this format have no schema");
    }

    /** Creates the source on the machine where a task runs. */
    @FunctionalInterface
    interface Factory extends Serializable {
        WriterSchemas create();
    }
}
