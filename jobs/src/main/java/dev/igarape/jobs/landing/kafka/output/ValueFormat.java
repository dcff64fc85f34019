package dev.igarape.jobs.landing.kafka.output;

import java.util.Locale;
import org.apache.avro.Schema;

/** Format of a topic's values. */
public enum ValueFormat {
    /** Avro in Confluent's wire format, where each value carries its schema id. */
    AVRO,
    /** One JSON text, stored as string. */
    JSON,
    /** Any bytes, stored unchanged. */
    BYTES;

    /** The format by its name in definitions, e.g. {@code json}. */
    public static ValueFormat of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** The schema of landed values that carry no schema id. */
    public Schema plainSchema() {
        return Schema.create(this == JSON ? Schema.Type.STRING : Schema.Type.BYTES);
    }
}
