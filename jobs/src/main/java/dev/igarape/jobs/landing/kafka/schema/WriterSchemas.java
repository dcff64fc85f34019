package dev.igarape.jobs.landing.kafka.schema;

import java.io.Serializable;
import org.apache.avro.Schema;

/** Where writer schemas come from. */
@FunctionalInterface
public interface WriterSchemas {
    /**
     * Looks up the schema of an id.
     *
     * @throws dev.igarape.model.error.LakeException when the registry can't say, because it is down for instance
     */
    Lookup byId(int id);

    /** What the registry says of an id. */
    sealed interface Lookup {}

    /** There is such a schema. */
    record Known(Schema schema) implements Lookup {}

    /** The registry answered that there is no such schema. */
    record Unknown(String reason) implements Lookup {}

    /** The registry has it, and nothing can be decoded with it. */
    record Unusable(String reason) implements Lookup {}

    /** For values that name no schema. */
    static WriterSchemas none() {
        return id -> new Unknown("values in this format have no schema");
    }

    /** Makes the source where it is needed: travels to the machines that land. */
    @FunctionalInterface
    interface Factory extends Serializable {
        WriterSchemas create();
    }
}
