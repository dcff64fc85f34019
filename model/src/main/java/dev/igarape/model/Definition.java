package dev.igarape.model;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Optional;
import java.util.Set;

/**
 * How a table is built: its kind, with what that kind needs. The kinds that a program knows are listed in
 * {@link Kinds}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
public interface Definition {
    /** The kind as written in {@code pipeline.yaml}. */
    String kindName();

    /** What tables defined like this are and can do. */
    Set<Trait> traits();

    /** In which form the rows are kept; empty where there are none. */
    Optional<Storage> storage();

    /** The query of a kind that is defined by one. */
    default Optional<String> query() {
        return Optional.empty();
    }

    /** The topics that the table is landed from; empty for all but landings from Kafka. */
    default Optional<Source.Kafka> kafka() {
        return Optional.empty();
    }

    /** Data as received from a source. */
    record Landing(Source source) implements Definition {
        @Override
        public String kindName() {
            return "landing";
        }

        @Override
        public Set<Trait> traits() {
            return source.traits();
        }

        @Override
        public Optional<Storage> storage() {
            return Optional.of(source.storage());
        }

        @Override
        public Optional<Source.Kafka> kafka() {
            return source.kafka();
        }
    }

    /** Spark SQL over the inputs of one date. */
    record Daily(String sql) implements Definition {
        /** Those of every daily table. */
        public static final Set<Trait> TRAITS =
                Set.of(Trait.ROWS, Trait.DATED, Trait.PLANNED, Trait.QUERY, Trait.QUARANTINED, Trait.COMPACTED);

        @Override
        public String kindName() {
            return "daily";
        }

        @Override
        public Set<Trait> traits() {
            return TRAITS;
        }

        @Override
        public Optional<Storage> storage() {
            return Optional.of(Storage.byDate(Storage.Format.PARQUET));
        }

        @Override
        public Optional<String> query() {
            return Optional.of(sql);
        }
    }

    /** A Trino view. */
    record View(String sql) implements Definition {
        /** Those of every view. */
        public static final Set<Trait> TRAITS = Set.of(Trait.QUERY);

        @Override
        public String kindName() {
            return "view";
        }

        @Override
        public Set<Trait> traits() {
            return TRAITS;
        }

        @Override
        public Optional<Storage> storage() {
            return Optional.empty();
        }

        @Override
        public Optional<String> query() {
            return Optional.of(sql);
        }
    }
}
