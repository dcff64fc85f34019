package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingPostgres;
import dev.igarape.jobs.testing.TestingRegistry;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.Reconciled;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a connector's topic becomes, and what becomes of changes that are none. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class CaptureTest {
    private static LocalLake local;
    private static TestingRegistry registry;

    @BeforeAll
    static void start(LocalLake lake, TestingRegistry schemas) {
        local = lake;
        registry = schemas;
    }

    @Test
    void aTopicOfEnvelopesBecomesTheTableOfTheDatabase(TestingPostgres postgres) throws Exception {
        ConnectorTopic topic = new ConnectorTopic(local, registry);
        topic.send(1, "r", 1, "10.50", "a long text", "\"first\"", "[null,\"100\"]", 100);
        topic.send(1, "r", 2, "20.00", "b", "\"last\"", "[null,\"100\"]", 100);
        topic.send(1, "c", 3, "-0.01", "c", "\"false\"", "[null,\"108\"]", 108);
        topic.send(1, "u", 1, "11.00", Envelopes.UNAVAILABLE, "\"false\"", "[\"110\",\"112\"]", 112);
        topic.send(1, "d", 2, "", "", "\"false\"", "[\"120\",\"124\"]", 124);
        topic.tombstone();
        // A column was added on the way.
        topic.send(2, "c", 4, "7.77", "d", "\"false\"", "[\"130\",\"132\"]", 132);
        assertThatThrownBy(topic::landAndBuild)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("its topic shop.public.orders has values in the registry, but no keys (subject"
                        + " shop.public.orders-key), so the source's table has no primary key");
        topic.key("customer");
        assertThatThrownBy(topic::landAndBuild)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("its keys are declared as [id], but topic shop.public.orders has changes by"
                        + " [customer], the primary key of its table.");
        topic.key("id");
        topic.landAndBuild();
        String told = "2024-01-15T13:00:00.123456+01:00";
        assertThat(topic.rows())
                .containsExactly(
                        "1 11.00 2024-01-15 12:00:00.5 2024-01-15 12:00:00.123456 2024-01-15 a long text -",
                        "3 -0.01 2024-01-15 12:00:00.5 2024-01-15 12:00:00.123456 2024-01-15 c -",
                        "4 7.77 2024-01-15 12:00:00.5 2024-01-15 12:00:00.123456 2024-01-15 d BR");
        assertThat(topic.quarantined()).isZero();

        String rest = ", '2024-01-15 12:00:00.5', '" + told + "', '2024-01-15', ";
        postgres.execute(
                "CREATE TABLE orders (id bigint PRIMARY KEY, amount numeric(10,2), at timestamp, told timestamptz,"
                        + " born date, note text, country text, \"Not Ours\" text)",
                "INSERT INTO orders VALUES (1, 11.00" + rest + "'a long text', null), (3, -0.01" + rest
                        + "'c', null), (4, 7.77" + rest + "'d', 'BR')");
        Source.Jdbc database = new Source.Jdbc("${DB}", "", "", "orders", Optional.of("born"), Map.of());
        Reconciliation.Range all = new Reconciliation.Range(Optional.empty(), Optional.empty(), Optional.empty());
        Reconciliation compared = topic.reconciliation(postgres.jdbcUrl());
        List<Reconciled> equal =
                compared.compare(new Source.Jdbc("${DB}", "", "", "orders", Optional.empty(), Map.of()), all, 9);
        assertThat(equal).extracting(Reconciled::what).containsExactly("database", "lake");
        assertThat(equal).extracting(Reconciled::rows).containsOnly(3L);
        assertThat(equal)
                .extracting(Reconciled::checksum)
                .doesNotContain("0")
                .containsOnly(equal.get(0).checksum());

        postgres.execute(
                "UPDATE orders SET note = 'other' WHERE id = 1",
                "DELETE FROM orders WHERE id = 3",
                "INSERT INTO orders (id, born) VALUES (10, '2024-01-15'), (11, '2024-01-15'), (12, '2024-01-16')");
        Reconciliation.Range day = new Reconciliation.Range(
                Optional.of(LocalDate.parse("2024-01-15")), Optional.empty(), Optional.empty());
        assertThat(compared.compare(database, day, 1))
                .extracting(found -> found.what() + " " + found.rows() + " " + found.keys())
                .containsExactly(
                        "database 4 ",
                        "lake 3 ",
                        "missing 2 {\"id\":10}",
                        "surplus 1 {\"id\":3}",
                        "different 1 {\"id\":1}");
        Reconciliation.Range keys = new Reconciliation.Range(Optional.empty(), Optional.of("4"), Optional.of("12"));
        assertThat(compared.compare(new Source.Jdbc("${DB}", "", "", "orders", Optional.empty(), Map.of()), keys, 9))
                .extracting(found -> found.what() + " " + found.rows() + " " + found.keys())
                .containsExactly("database 3 ", "lake 1 ", "missing 2 {\"id\":10} {\"id\":11}");
    }

    @Test
    void whatIsNoChangeGoesToQuarantine() throws Exception {
        Table table = declared(CaptureLake.current("shop"), Map.of("note", "date"));
        CaptureLake lake = new CaptureLake(local, "cdc_bad_", table);
        String good = envelope("c", "\"k1\"", "[\\\"10\\\",\\\"18\\\"]", "18").replace("\"t1\"", "\"2024-01-31\"");
        lake.take(List.of(
                good,
                good.replace("\"c\"", "\"x\""),
                good.replace("\"k1\"", "null"),
                good.replace("\"shop\"", "\"other\""),
                good.replace("2024-01-31", "infinity"),
                good.replace("\"[\\\"10\\\",\\\"18\\\"]\"", "null"),
                // Of a deletion that does not say of what: a table without a key, or with REPLICA IDENTITY NOTHING.
                good.replace("\"c\"", "\"d\"")));
        assertThat(lake.rows()).containsExactly("k1 n1 2024-01-31");
        assertThat(lake.quarantinedRules())
                .containsExactly("has_key", "has_key", "has_sequence", "has_types", "known_op", "known_source");
    }

    @Test
    void aSecondSnapshotOfOneSourceIsRefused() throws Exception {
        CaptureLake lake = new CaptureLake(local, "cdc_again_", CaptureLake.current());
        lake.take(List.of(
                told("shop", "c", "k1", "null", 10, "false", 1), told("shop", "u", "k1", "20", 28, "false", 2)));
        // Of another key, and not the last row: what is known of all keys tells it. One that is taken on demand, by a
        // blocking snapshot, tells the last commit.
        assertRefused(
                lake,
                told("shop", "r", "k2", "20", 28, "true", 100),
                "its source has taken a new snapshot, at LSN 28, after it had told changes");
        assertThat(lake.rows()).containsExactly("k1 u2 t1");
    }

    @Test
    void anotherDatabaseOfTheSameNameIsRefusedAlthoughItsLogIsShorterAndFollowsUnderAName() throws Exception {
        CaptureLake lake = new CaptureLake(local, "cdc_anew_shorter_", CaptureLake.current());
        lake.take(List.of(
                told("shop", "c", "k1", "null", 5_000, "false", 1),
                told("shop", "u", "k2", "5010", 5_018, "false", 2)));
        assertRefused(
                lake,
                told("shop", "r", "k2", "null", 90, "last", 600),
                "its source has taken a new snapshot, at LSN 90, after it had told changes");
        assertThat(lake.rows()).containsExactly("k1 c1 t1", "k2 u2 t1");

        lake.define(CaptureLake.current("shop", "shop_2"));
        assertRefused(
                lake,
                told("shop_2", "r", "k3", "null", 95, "first", 700),
                "its source shop has taken a new snapshot, at LSN 90, after it had told changes (or a worker's clock was"
                        + " set). So it has begun anew, or its database has, and what happened in between is unknown."
                        + " Readers keep the old version until a full snapshot of shop_2 has come whole.");
        lake.take(List.of(told("shop_2", "r", "k4", "null", 95, "last", 700)));
        assertThat(lake.rows()).containsExactly("k3 r700 t1", "k4 r700 t1");
    }

    @Test
    void changesOfADatabaseThatWasThereBeforeAreRefusedToo() throws Exception {
        CaptureLake lake = new CaptureLake(local, "cdc_anew_first_", CaptureLake.history());
        lake.take(List.of(
                told("shop", "c", "k1", "null", 98, "false", 601), told("shop", "u", "k1", "100", 108, "false", 602)));
        assertRefused(
                lake,
                told("shop", "u", "k2", "5010", 5_018, "false", 2),
                "its source has begun once more to tell changes, without the place where it was before");
        assertThat(lake.versions()).hasSize(2);
    }

    @Test
    void snapshotsThatAreTakenAgainAndIncrementalOnesAreReadInTheOrderOfTheLog() throws Exception {
        CaptureLake lake = new CaptureLake(local, "cdc_snapshots_", CaptureLake.current());
        lake.take(List.of(
                told("shop", "r", "k1", "null", 50, "first", 1),
                told("shop", "r", "k9", "null", 50, "last", 1),
                told("shop", "r", "k1", "null", 100, "first_in_data_collection", 5),
                told("shop", "r", "k2", "null", 100, "last_in_data_collection", 5),
                told("shop", "c", "k3", "null", 108, "false", 6),
                told("shop", "u", "k1", "110", 118, "false", 7)));
        assertThat(lake.rows()).containsExactly("k1 u7 t1", "k2 r5 t1", "k3 c6 t1");
        lake.take(List.of(
                told("shop", "r", "k1", "110", 114, "incremental", 8),
                told("shop", "r", "k2", "120", 128, "incremental", 9)));
        assertThat(lake.rows()).containsExactly("k1 u7 t1", "k2 r9 t1", "k3 c6 t1");
    }

    private static void assertRefused(CaptureLake lake, String envelope, String message) {
        assertThatThrownBy(() -> lake.take(List.of(envelope)))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining(message);
    }

    @Test
    void namesAColumnThatChangesLack() throws Exception {
        Table other = declared(CaptureLake.current(), Map.of("price", "decimal(10,2)", "name", "bigint"));
        CaptureLake lake = new CaptureLake(local, "cdc_columns_", other);
        assertThatThrownBy(() -> lake.take(List.of(envelope("c", "\"k1\"", "[null,\\\"10\\\"]", "10"))))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("column name is declared bigint, but the changes have string; column price is"
                        + " declared, but the changes have no such column (they have id, name, note)");
    }

    /** The table with other columns. */
    private static Table declared(Table table, Map<String, String> others) {
        Map<String, String> columns = new LinkedHashMap<>(table.columns());
        columns.putAll(others);
        return new Table(
                table.name(), "", table.definition(), columns, table.inputs(), List.of(), "forever", "declared");
    }

    /**
     * A change, whose {@code name} says what it does and when.
     *
     * @param commit the last one, or null
     * @param second at which it is committed and told
     */
    static String told(String source, String op, String key, String commit, long lsn, String snapshot, int second) {
        String last = commit.equals("null") ? commit : "\\\"" + commit + "\\\"";
        long millis = 1_704_103_200_000L + 1_000L * second;
        return envelope(op, "\"" + key + "\"", "[" + last + ",\\\"" + lsn + "\\\"]", String.valueOf(lsn))
                .replace("\"n1\"", "\"" + op + second + "\"")
                .replace("\"name\":\"shop\"", "\"name\":\"" + source + "\"")
                .replace("\"false\"", "\"" + snapshot + "\"")
                .replace("1704103200000", String.valueOf(millis))
                .replaceFirst("}$", ",\"ts_ms\":" + millis + "}");
    }

    private static String envelope(String op, String key, String sequence, String lsn) {
        return "{\"op\":\"%s\",\"before\":null,\"after\":{\"id\":%s,\"name\":\"n1\",\"note\":\"t1\"},\"source\":{\"name\":\"shop\",\"sequence\":\"%s\",\"lsn\":%s,\"ts_ms\":1704103200000,\"snapshot\":\"false\"}}"
                .formatted(op, key, sequence, lsn);
    }
}
