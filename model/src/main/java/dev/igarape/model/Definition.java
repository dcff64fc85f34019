package dev.igarape.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How a table is built: its kind, with what that kind needs. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Definition.Landing.class, name = "landing"),
    @JsonSubTypes.Type(value = Definition.Daily.class, name = "daily"),
    @JsonSubTypes.Type(value = Definition.View.class, name = "view")
})
public sealed interface Definition {
    /** The kind as written in {@code pipeline.yaml}. */
    String kindName();

    /** Data as received from a source. */
    record Landing(Source source) implements Definition {
        @Override
        public String kindName() {
            return "landing";
        }
    }

    /** Spark SQL over the inputs of one date. */
    record Daily(String sql) implements Definition {
        @Override
        public String kindName() {
            return "daily";
        }
    }

    /** A Trino view. */
    record View(String sql) implements Definition {
        @Override
        public String kindName() {
            return "view";
        }
    }
}
