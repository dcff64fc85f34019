package dev.igarape.jobs.landing.kafka.output;

import java.util.Locale;
import org.apache.avro.Schema;

/** How the values of a topic are written. */
public enum ValueFormat {
    /** Avro in Confluent's wire format: each names the schema that it was written with. */
    AVRO,
    /** One JSON text; kept as text. */
    JSON,
    /** Whatever it is; kept as bytes. */
    BYTES;

    /** By the name in definitions, e.g. {@code json}. */
    public static ValueFormat of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** The schema of landed values that bear none of their own. */
    public Schema plainSchema() {
        return Schema.create(this == JSON ? Schema.Type.STRING : Schema.Type.BYTES);
    }
}
