package dev.igarape.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where a landing takes its data from. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Source.Kafka.class, name = "kafka"),
    @JsonSubTypes.Type(value = Source.Http.class, name = "http"),
    @JsonSubTypes.Type(value = Source.Files.class, name = "files"),
    @JsonSubTypes.Type(value = Source.Jdbc.class, name = "jdbc")
})
public sealed interface Source {
    /** What landings from such a source are and can do. */
    Set<Trait> traits();

    /** In which form such landings keep their rows. */
    Storage storage();

    /** This source, if it is Kafka. */
    default Optional<Kafka> kafka() {
        return Optional.empty();
    }

    /**
     * Kafka topics.
     *
     * @param start where a topic never landed before begins: {@code earliest}, {@code latest}, an ISO-8601 instant, or
     *     {@code after raw.orders}: where that table ends, which then lands no more of it
     * @param format {@code avro} (in Confluent's wire format), {@code json} (kept as text) or {@code bytes}
     * @param eventTime top-level field of the value that dates the row (Avro: a long timestamp-millis or -micros, an int
     *     date, or an ISO-8601 string; JSON: an ISO-8601 text or milliseconds since 1970); empty: the Kafka timestamp
     * @param partitionBy the further partition column of a table that holds several kinds of records: {@link #RECORD_NAME}
     *     or {@link #TOPIC}; empty: none
     * @param tombstones {@link #DROP}: records without a value are left out and counted as dropped; empty: they go to
     *     quarantine
     */
    record Kafka(
            List<String> topics,
            String start,
            String format,
            Optional<String> eventTime,
            Optional<String> partitionBy,
            Optional<String> tombstones)
            implements Source {
        /** For topics whose records without a value are no fault, such as those of change data capture. */
        public static final String DROP = "drop";

        private static final String AFTER = "after ";

        /** Partition column with the full name of the record that a value was written as. */
        public static final String RECORD_NAME = "record_name";
        /** The column with a record's topic, which is a partition column where the table is partitioned by it. */
        public static final String TOPIC = "topic";

        public Kafka {
            topics = List.copyOf(topics);
        }

        /** With records without a value in quarantine. */
        public Kafka(
                List<String> topics,
                String start,
                String format,
                Optional<String> eventTime,
                Optional<String> partitionBy) {
            this(topics, start, format, eventTime, partitionBy, Optional.empty());
        }

        /** The table behind whose last record this one begins. */
        public Optional<TableName> startsAfter() {
            return start.startsWith(AFTER)
                    ? Optional.of(TableName.parse(start.substring(AFTER.length())))
                    : Optional.empty();
        }

        /** Whether records without a value are left out. */
        public boolean dropsTombstones() {
            return tombstones.equals(Optional.of(DROP));
        }

        @Override
        public Set<Trait> traits() {
            return Set.of(Trait.ROWS, Trait.INCREMENTAL, Trait.QUARANTINED, Trait.TIMED, Trait.COMPACTED);
        }

        @Override
        public Storage storage() {
            List<String> columns = new ArrayList<>(List.of(Storage.BATCH));
            partitionBy.ifPresent(columns::add);
            return new Storage(Storage.Format.AVRO, columns);
        }

        @Override
        public Optional<Kafka> kafka() {
            return Optional.of(this);
        }
    }

    /**
     * One GET for each date; the body is kept exactly as received.
     *
     * @param url may hold {@code ${VARIABLE}}s, which the target supplies
     * @param params query parameters; values may hold {@code {date}} and {@code ${VARIABLE}}s
     * @param format {@code json}
     * @param pages how to ask for more than one page; empty: one request
     */
    record Http(String url, Map<String, String> params, String format, Optional<Pages> pages) implements Source {
        public Http {
            params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
        }

        @Override
        public Set<Trait> traits() {
            return Set.of(Trait.ROWS, Trait.DATED, Trait.REFETCHABLE);
        }

        @Override
        public Storage storage() {
            return Storage.byDate(Storage.Format.TEXT);
        }
    }

    /**
     * Files in folders of the lake's file system, each landed once; a file that has changed replaces its rows.
     *
     * @param path where they are: a pattern with {@code *} and {@code ?}; {@code {date}}, or {@code {yyyy}}, {@code {MM}}
     *     and {@code {dd}}, stand for the date of a file's rows (without them, the day on which the file was written),
     *     {@code ${VARIABLE}}s are supplied by the target
     * @param format {@code csv}, {@code json}, {@code text} (each line is a row), {@code avro} or {@code parquet}
     * @param delimiter what separates the cells of CSV
     * @param header the columns of CSV files that do not begin with a line of names; empty: they do
     * @param encoding Java's name of the character set of text files that do not say theirs by a byte order mark; empty
     *     text for other formats
     * @param envelope {@link #EVENT_HUBS}: the Avro files are captured events; empty: their records are the rows
     * @param overlap for how many days before the newest date folders are looked into at each run; empty: {@value
     *     #DAYS_OF_OVERLAP}
     */
    record Files(
            String path,
            String format,
            String delimiter,
            List<String> header,
            String encoding,
            Optional<String> envelope,
            Optional<Integer> overlap)
            implements Source {
        public static final String AVRO = "avro";
        public static final String PARQUET = "parquet";
        /** Envelope of Avro files that Azure Event Hubs Capture writes. */
        public static final String EVENT_HUBS = "event-hubs";

        private static final int DAYS_OF_OVERLAP = 2;

        public Files {
            header = List.copyOf(header);
        }

        /** Without an envelope, and with the default overlap. */
        public Files(String path, String format, String delimiter, List<String> header, String encoding) {
            this(path, format, delimiter, header, encoding, Optional.empty(), Optional.empty());
        }

        /** Whether the files have a schema of their own, and are no text. */
        @JsonIgnore
        public boolean isBinary() {
            return format.equals(AVRO) || format.equals(PARQUET);
        }

        /** Whether the files are captured events. */
        @JsonIgnore
        public boolean isEventHubs() {
            return envelope.equals(Optional.of(EVENT_HUBS));
        }

        /** For how many days before the newest date folders are looked into at each run. */
        public int daysOfOverlap() {
            return overlap.orElse(DAYS_OF_OVERLAP);
        }

        @Override
        public Set<Trait> traits() {
            return Set.of(Trait.ROWS, Trait.INCREMENTAL, Trait.QUARANTINED);
        }

        @Override
        public Storage storage() {
            return new Storage(Storage.Format.AVRO, List.of(Storage.BATCH));
        }
    }

    /**
     * A table of a PostgreSQL or MariaDB database, read in one query for each date; or of PostgreSQL drained, in one query for
     * each run.
     *
     * @param url {@code jdbc:postgresql://…} or {@code jdbc:mariadb://…}; like user and password it may hold {@code
     *     ${VARIABLE}}s
     * @param user empty text: the URL says it, or none is needed
     * @param password empty text, or {@code ${VARIABLE}}: definitions are no place for passwords
     * @param table with its schema if need be, in the letters that the database has; a part of other characters than
     *     letters, digits, {@code _} and {@code $} stands in double quotes
     * @param by column of a date or timestamp that says which date a row belongs to, as the database names it; empty:
     *     each date is the whole table as it was when the date was landed
     * @param from the name that the database has for a column, by the name that the lake has; columns that are not here
     *     keep theirs
     * @param drain whether the table is an outbox: each run lands all rows that it has, and deletes them once they are
     *     committed. In JSON, left out where it is false
     */
    record Jdbc(
            String url,
            String user,
            String password,
            String table,
            Optional<String> by,
            Map<String, String> from,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean drain)
            implements Source {
        public Jdbc {
            from = Collections.unmodifiableMap(new LinkedHashMap<>(from));
        }

        /** Of a table that stays as it is. */
        public Jdbc(
                String url, String user, String password, String table, Optional<String> by, Map<String, String> from) {
            this(url, user, password, table, by, from, false);
        }

        /** The same source, whose columns have these names in the database. */
        public Jdbc from(Map<String, String> names) {
            return new Jdbc(url, user, password, table, by, names, drain);
        }

        @Override
        public Set<Trait> traits() {
            return drain
                    ? Set.of(Trait.ROWS, Trait.INCREMENTAL)
                    : Set.of(Trait.ROWS, Trait.DATED, Trait.REFETCHABLE, Trait.COMPACTED);
        }

        @Override
        public Storage storage() {
            return drain
                    ? new Storage(Storage.Format.PARQUET, List.of(Storage.BATCH))
                    : Storage.byDate(Storage.Format.PARQUET);
        }
    }

    /**
     * Pages of an HTTP answer: {@code param} counts up from {@code first} until a page is an empty JSON array or
     * {@code limit} pages were read, which is an error because the rest would be lost.
     */
    record Pages(String param, int first, int limit) {}
}
