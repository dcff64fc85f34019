package dev.igarape.model;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** A layer of the lake. The Hive database and the folder on HDFS have its name. */
public enum Layer {
    /** Data as received from its source. */
    RAW,
    /** Data that is typed and validated. */
    TRUSTED,
    /** Aggregates and views for consumers. */
    GOLD,
    /** Rows that failed an expectation or could not be decoded; written by the platform. */
    QUARANTINE,
    /** Metadata of the lake, such as its commits; written by the platform. */
    OPS;

    /** Parses the lower-case name; throws IllegalArgumentException that lists the layers. */
    public static Layer parse(String text) {
        for (Layer layer : values()) {
            if (layer.toString().equals(text)) {
                return layer;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is not a layer: use raw, trusted or gold");
    }

    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
