package dev.igarape.jobs.keyed;

import dev.igarape.model.CurrentDefinition;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Definition;
import dev.igarape.model.Expectation;
import dev.igarape.model.HistoryDefinition;
import dev.igarape.model.Input;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tables of a {@link CustomerLake}, as they may be declared. */
final class CustomerTables {
    /** Keys are not its first columns. */
    private static final String SQL = "SELECT e.* FROM (SELECT from_json(value, 'status string, name string,"
            + " chapter int, id string, sequence bigint') AS e FROM raw.customers)";

    private CustomerTables() {}

    /** Rows of events by date, those for which the condition holds. */
    static Table events(String condition) {
        return new Table(
                CustomerLake.EVENTS,
                "",
                new DailyDefinition("SELECT * FROM (" + SQL + ") WHERE " + condition),
                Map.of(),
                List.of(new Input(CustomerLake.RAW, 0)),
                List.of(),
                "forever",
                condition);
    }

    /** By intervals of an hour, of the events of a customer in it the one with the least sequence: a later event may take its place. */
    static Table leastByHour() {
        String hour = "date_trunc('HOUR', timestamp_millis(e.at))";
        return new Table(
                CustomerLake.EVENTS,
                "",
                new DailyDefinition(
                        "SELECT " + hour + " AS at, e.chapter, e.id, min_by(e.name, e.sequence) AS name,"
                                + " min(e.sequence) AS sequence, 'update' AS status FROM (SELECT from_json(value,"
                                + " 'chapter int, id string, name string, sequence bigint, at bigint') AS e"
                                + " FROM raw.customers) GROUP BY " + hour + ", e.chapter, e.id",
                        Optional.of("at"),
                        Optional.of(Duration.ofHours(1))),
                Map.of(),
                List.of(new Input(CustomerLake.RAW, 0)),
                List.of(),
                "forever",
                "least by hour");
    }

    /** The table over {@link #events}. */
    static Table customersOfEvents() {
        return customers(
                "SELECT chapter, id, name, sequence, status FROM trusted.events",
                "of events",
                CustomerLake.EVENTS,
                true);
    }

    static Table customers(String sql, String hash) {
        return customers(sql, hash, CustomerLake.RAW, true);
    }

    private static Table table(Definition definition, Map<String, String> columns, TableName input, String hash) {
        return new Table(
                CustomerLake.CUSTOMERS,
                "",
                definition,
                columns,
                List.of(new Input(input, 0)),
                List.of(),
                "forever",
                hash);
    }

    /** The table, of customers by chapter and id. */
    private static Table customers(String sql, String hash, TableName input, boolean changeFeed) {
        return table(
                new CurrentDefinition(
                        sql,
                        List.of("chapter", "id"),
                        List.of("sequence"),
                        Optional.of("status = 'delete'"),
                        changeFeed),
                Map.of(),
                input,
                hash);
    }

    static Table customers() {
        return customers(true);
    }

    static Table customers(boolean changeFeed) {
        return customers(SQL, "customers", CustomerLake.RAW, changeFeed);
    }

    /**
     * The versions of customers by chapter and id. A name is of two parts, {@code name/note}, of which the first is tracked, and
     * {@code -} is null; the sequence is so many hours after {@link CustomerEvent#MIDNIGHT}.
     */
    static Table history() {
        return historyOf(List.of("name"));
    }

    /** Likewise, with these columns tracked. */
    static Table historyOf(List<String> track) {
        return historyOf(track, "(" + SQL + ")", CustomerLake.RAW);
    }

    /** {@link #history} over {@link #events}. */
    static Table historyOfEvents() {
        return historyOf(List.of("name"), CustomerLake.EVENTS.toString(), CustomerLake.EVENTS);
    }

    private static Table historyOf(List<String> track, String events, TableName input) {
        String sql =
                "SELECT nullif(split_part(name, '/', 1), '-') AS name, chapter, split_part(name, '/', 2) AS note, id,"
                        + " TIMESTAMP '" + CustomerEvent.MIDNIGHT
                        + "' + make_interval(0, 0, 0, 0, sequence) AS at, status"
                        + " FROM " + events;
        Map<String, String> columns = new LinkedHashMap<>();
        List.of("name string", "chapter int", "note string", "id string", "at timestamp", "status string")
                .forEach(column -> columns.put(column.split(" ")[0], column.split(" ")[1]));
        return table(
                new HistoryDefinition(
                        sql,
                        List.of("chapter", "id"),
                        List.of("at"),
                        Optional.of("status = 'delete'"),
                        track,
                        new HistoryDefinition.Period("valid_from", "valid_to", "is_current"),
                        true),
                columns,
                input,
                "history of " + track);
    }

    /**
     * The table, which remembers deletions for so long; the sequence is so many hours after {@link CustomerEvent#MIDNIGHT}.
     */
    static Table remembering(Duration time) {
        String sql = "SELECT status, name, chapter, id, sequence, TIMESTAMP '" + CustomerEvent.MIDNIGHT
                + "' + make_interval(0, 0, 0, 0, sequence) AS at FROM (" + SQL + ")";
        return table(
                new CurrentDefinition(
                        sql,
                        List.of("chapter", "id"),
                        List.of("at"),
                        Optional.of("status = 'delete'"),
                        true,
                        Optional.empty(),
                        Optional.of(time),
                        List.of()),
                Map.of(),
                CustomerLake.RAW,
                "remembers for " + time);
    }

    /** The table, whose names keep their last value; a name is of two parts as in {@link #history}. */
    static Table keepingNames() {
        return keepingNames("sequence", Optional.empty());
    }

    /** Likewise, remembering deletions for so long; the sequence is a time as in {@link #remembering}. */
    static Table keepingNamesRemembering(Duration time) {
        return keepingNames("at", Optional.of(time));
    }

    private static Table keepingNames(String sequence, Optional<Duration> tombstones) {
        return table(
                new CurrentDefinition(
                        "SELECT nullif(split_part(name, '/', 1), '-') AS name, chapter, split_part(name, '/', 2) AS note, id,"
                                + " sequence, status, TIMESTAMP '" + CustomerEvent.MIDNIGHT
                                + "' + make_interval(0, 0, 0, 0, sequence) AS at FROM (" + SQL + ")",
                        List.of("chapter", "id"),
                        List.of(sequence),
                        Optional.of("status = 'delete'"),
                        true,
                        Optional.empty(),
                        tombstones,
                        List.of("name")),
                Map.of(),
                CustomerLake.RAW,
                "keeping names, by " + sequence);
    }

    /** The table, which refuses a run that would refuse all rows of a date. */
    static Table failing() {
        Table table = customers();
        return new Table(
                table.name(),
                table.description(),
                table.definition(),
                table.columns(),
                table.inputs(),
                table.expectations(),
                table.retention(),
                Optional.empty(),
                Optional.of(Table.AllRefused.FAIL),
                table.definitionHash());
    }

    /** The table, which refuses a run in which only the content of events decides. */
    static Table failingWhereAmbiguous() {
        Table table = customers();
        CurrentDefinition warning = (CurrentDefinition) table.definition();
        return new Table(
                table.name(),
                table.description(),
                new CurrentDefinition(
                        warning.sql(),
                        warning.keys(),
                        warning.sequenceBy(),
                        warning.deleteWhen(),
                        warning.changeFeed(),
                        warning.cdc(),
                        warning.tombstones(),
                        warning.ignoreNull(),
                        Optional.of(KeyedDefinition.AmbiguousSequence.FAIL)),
                table.columns(),
                table.inputs(),
                table.expectations(),
                table.retention(),
                table.definitionHash());
    }

    /** The table, in which customers without an id are nobody. */
    static Table mended() {
        return customers(
                "SELECT chapter, coalesce(id, 'nobody') AS id, name, sequence, status FROM (" + SQL + ")", "mended");
    }

    /** The table with a column more, and without customers of a bad name. */
    static Table strict() {
        Table table = customers(SQL.replace("sequence bigint", "sequence bigint, at bigint"), "strict");
        return new Table(
                table.name(),
                table.description(),
                table.definition(),
                table.columns(),
                table.inputs(),
                List.of(new Expectation("known_name", "name <> 'bad'", Expectation.Action.QUARANTINE)),
                table.retention(),
                table.definitionHash());
    }

    /** The table with names in capitals. */
    static Table capitals() {
        return customers("SELECT chapter, id, upper(name) AS name, sequence, status FROM (" + SQL + ")", "capitals");
    }

    /** The table, in which the name {@code wide} stands for almost five million characters, which can't be compressed. */
    static Table wideNames() {
        String wide = "array_join(transform(sequence(1, 110000), i -> base64(unhex(sha2(string(i), 256)))), '')";
        return customers(
                "SELECT chapter, id, if(name = 'wide', " + wide + ", name) AS name, sequence, status FROM (" + SQL
                        + ")",
                "wide names");
    }

    /** The table with chapters as text. */
    static Table chaptersAsText() {
        return customers(
                "SELECT string(chapter) AS chapter, id, name, sequence, status FROM (" + SQL + ")", "chapters as text");
    }
}
