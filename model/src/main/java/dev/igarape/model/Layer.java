package dev.igarape.model;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The layer of a table: the Hive database and the folder on HDFS bear the same name. */
public enum Layer {
    /** As received. */
    RAW,
    /** Typed and checked. */
    TRUSTED,
    /** Answers. */
    GOLD,
    /** Rows that a rule kept out of a table; filled by the platform. */
    QUARANTINE,
    /** The lake about itself; filled by the platform. */
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
