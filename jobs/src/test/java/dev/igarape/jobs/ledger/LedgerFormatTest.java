package dev.igarape.jobs.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.igarape.model.Expectation;
import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ledgers as programs of formats 1 to 3 wrote them: each of these resources is the output of such a program. */
final class LedgerFormatTest {
    private static final TableName ORDERS = TableName.parse("raw.orders");
    private static final TableName PRICES = TableName.parse("raw.prices");
    private static final TableName TRUSTED = TableName.parse("trusted.orders");
    private static final LocalDate DAY = LocalDate.parse("2024-01-01");
    private static final String RECREATED = "Zt1bWkcGTeuVq8d2RJ7mJA";

    private static final Consumed.FileVersion FIRST_A = new Consumed.FileVersion(
            5,
            Instant.parse("2024-01-01T00:00:00.123Z"),
            "486ea46224d1bb4fb680f34f7c9ad96a8f24ec88be73ea8e5a6c65260e9cb8a7");
    private static final Consumed.FileVersion SECOND_A = new Consumed.FileVersion(
            9,
            Instant.parse("2024-01-02T00:00:00.456Z"),
            "7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730");
    private static final Consumed.FileVersion B = new Consumed.FileVersion(
            0,
            Instant.parse("2024-01-01T00:00:01Z"),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void readsTheOffsetsOfTopics(int format) throws IOException {
        Ledger ledger = ledger(format, ORDERS, 2);
        Consumed.Topic orders = new Consumed.Topic(
                Optional.of("qUzyv3LDSqK4Y3eL1aW0_g"),
                Map.of(0, new Consumed.Offsets(0, 5), 1, new Consumed.Offsets(3, 3)));
        assertThat(ledger.commit(1).consumed()).contains(new Consumed.Topics(Map.of("orders", orders)));
        assertThat(ledger.commit(2).acceptedGaps()).containsExactly(new AcceptedGap("orders", 0, 5, 2, "recreated"));
        LedgerState state = ledger.read();
        assertThat(state.nextOffsets()).isEqualTo(Map.of("orders", Map.of(0, 6L)));
        assertThat(state.topicIds()).isEqualTo(Map.of("orders", RECREATED));
        assertThat(state.files()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void readsTheVersionsOfFiles(int format) throws IOException {
        Ledger ledger = ledger(format, PRICES, 2);
        assertThat(ledger.commit(1).consumed())
                .contains(new Consumed.Files(Map.of("/landing/prices/a.csv", FIRST_A, "/landing/prices/b.csv", B)));
        LedgerState state = ledger.read();
        assertThat(state.files())
                .containsExactly(entry("/landing/prices/a.csv", SECOND_A), entry("/landing/prices/b.csv", B));
        assertThat(state.nextOffsets()).isEmpty();
        assertThat(state.topicIds()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void readsBuildsByDate(int format) throws IOException {
        Ledger ledger = ledger(format, TRUSTED, 1);
        Commit commit = ledger.commit(1);
        assertThat(commit.consumed()).isEmpty();
        Balance balance = new Balance(9, 6, 1, 1, 1, 0, 0);
        ExpectationResult positive = new ExpectationResult("positive", Expectation.Action.QUARANTINE, 1);
        assertThat(commit.dates())
                .containsExactly(
                        new DateBuild(DAY, Map.of(ORDERS, SequenceSet.of(1L, 2L)), true, balance, List.of(positive)));
        LedgerState state = ledger.read();
        assertThat(state.builtOf(DAY).orElseThrow().definitionHash()).isEqualTo("3f2a9c0d11e84b76");
        assertThat(state.partitionsOf(DAY))
                .singleElement()
                .satisfies(current -> assertThat(current.rowsByCommit()).isEqualTo(RowsByCommit.of(1, 6)));
        assertThat(state.quarantine()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void readsWhatMaintenanceCommitted(int format) throws IOException {
        Ledger ledger = ledger(format, ORDERS, 5);
        assertThat(ledger.commit(3).partitions())
                .extracting(PartitionVersion::rowsByCommit)
                .containsExactly(
                        Optional.of(RowsByCommit.of(Map.of("1", 4L, "2", 4L))), Optional.of(RowsByCommit.NONE));
        assertThat(ledger.commit(4).partitions().get(0).recordName()).contains("shop.Order");
        assertThat(ledger.commit(4).quarantine().get(0).isEmptied()).isTrue();
        assertThat(ledger.commit(5).cleaned().orElseThrow().folders()).containsExactly("20240102T120000000-0000000a");
        assertThat(ledger.read().partitions()).hasSize(2);
        assertThat(ledger(format, TRUSTED, 2).read().expired()).contains(Set.of(DAY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 raw.orders 2",
                "2 raw.orders 5",
                "1 trusted.orders 1",
                "2 trusted.orders 2",
                "3 raw.orders 5",
                "3 trusted.orders 2"
            })
    void aSnapshotTellsTheSameAsItsCommits(String which) throws IOException {
        String[] words = which.split(" ");
        int format = Integer.parseInt(words[0]);
        TableName table = TableName.parse(words[1]);
        long head = Long.parseLong(words[2]);
        LedgerState fromCommits = ledger(format, table, head).read();
        copySnapshot(format, table, head);
        for (long sequence = 1; sequence <= head; sequence++) {
            Files.delete(file(table, "%012d.json".formatted(sequence)));
        }
        assertThat(open(table).read()).isEqualTo(fromCommits);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void commitsGoOnFromASnapshotOfFiles(int format) throws IOException {
        Ledger ledger = ledger(format, PRICES, 2);
        LedgerState fromCommits = ledger.read();
        copySnapshot(format, PRICES, 1);
        Files.delete(file(PRICES, "000000000001.json"));
        assertThat(ledger.read()).isEqualTo(fromCommits);
    }

    @Test
    void writesFormat5() throws IOException {
        Ledger orders = ledger(2, ORDERS, 5);
        Consumed.Topic topic = new Consumed.Topic(Optional.of(RECREATED), Map.of(0, new Consumed.Offsets(6, 8)));
        PartitionVersion moved =
                new PartitionVersion(DAY, Optional.of("a"), "a/date=" + DAY, 1, 2, 9).from(RowsByCommit.of(6, 2));
        orders.commit(
                Commit.of(ORDERS, "a")
                        .by("run", Operation.LAND)
                        .consumed(new Consumed.Topics(Map.of("orders", topic)))
                        .partitions(List.of(moved))
                        .balance(Balance.landed(2, 2, 0))
                        .build(),
                orders.read());
        Ledger prices = open(PRICES);
        prices.commit(
                Commit.of(PRICES, "b")
                        .by("run", Operation.LAND)
                        .consumed(new Consumed.Files(Map.of("/landing/prices/a.csv", FIRST_A)))
                        .build(),
                prices.read());

        JsonNode entry = json(ORDERS, 6);
        assertThat(entry.get("version").asInt()).isEqualTo(6);
        assertThat(entry.get("consumed"))
                .hasToString("{\"type\":\"topics\",\"topics\":{\"orders\":{\"id\":\"" + RECREATED
                        + "\",\"partitions\":{\"0\":{\"from\":6,\"until\":8}}}}}");
        assertThat(entry.get("partitions").get(0).get("rows_by_commit")).hasToString("{\"6\":2}");
        assertThat(entry.has("offsets")).isFalse();
        assertThat(json(PRICES, 1).get("consumed"))
                .hasToString("{\"type\":\"files\",\"files\":{\"/landing/prices/a.csv\":{\"length\":5,"
                        + "\"modified\":\"2024-01-01T00:00:00.123Z\",\"sha256\":\"" + FIRST_A.sha256() + "\"}}}");
        assertThat(prices.commit(1).consumed()).contains(new Consumed.Files(Map.of("/landing/prices/a.csv", FIRST_A)));
        assertThat(orders.read().nextOffsets()).isEqualTo(Map.of("orders", Map.of(0, 8L)));
        assertThat(Json.mapper().readValue(Json.mapper().writeValueAsBytes(orders.read()), LedgerState.class))
                .isEqualTo(orders.read());
    }

    @Test
    void writesIntervalsTimesAndRangesOfCommits() throws IOException {
        Ledger trusted = ledger(3, TRUSTED, 2);
        PartitionVersion interval = new PartitionVersion(DAY, Optional.empty(), "c/date=" + DAY + "/1", 1, 2, 9)
                .as(PartitionVersion.Key.ofInterval(DAY, "10:05"))
                .of(Optional.of(
                        new TimeRange(Instant.parse("2024-01-01T10:05:00Z"), Instant.parse("2024-01-01T10:10:00Z"))));
        trusted.commit(
                Commit.of(TRUSTED, "c")
                        .by("run", Operation.BUILD)
                        .dates(List.of(new DateBuild(
                                DAY,
                                Map.of(ORDERS, SequenceSet.of(1L, 2L, 3L, 5L)),
                                true,
                                Balance.landed(2, 2, 0),
                                List.of())))
                        .partitions(List.of(interval))
                        .balance(Balance.landed(2, 2, 0))
                        .build(),
                trusted.read());
        JsonNode entry = json(TRUSTED, 3);
        assertThat(entry.get("dates").get(0).get("inputs")).hasToString("{\"raw.orders\":\"1-3,5\"}");
        assertThat(entry.get("partitions").get(0))
                .hasToString("{\"date\":\"2024-01-01\",\"interval\":\"10:05\",\"path\":\"c/date=2024-01-01/1\","
                        + "\"files\":1,\"rows\":2,\"bytes\":9,"
                        + "\"times\":{\"from\":\"2024-01-01T10:05:00Z\",\"until\":\"2024-01-01T10:10:00Z\"}}");
        assertThat(trusted.commit(3).partitions()).containsExactly(interval);
    }

    @Test
    void anEntryOfFormat4HasNoDeltaVersion() throws IOException {
        Ledger older = ledger(3, TRUSTED, 2);
        Ledger ledger = open(PRICES);
        for (long sequence = 1; sequence <= 2; sequence++) {
            // Format 5 only adds delta, which is left out where it is empty.
            ObjectNode entry = Json.mapper().valueToTree(older.commit(sequence));
            assertThat(entry.has("delta")).isFalse();
            ledger.restore(sequence, Json.mapper().writeValueAsBytes(entry.put("version", 4)));
        }
        assertThat(ledger.commit(1)).isEqualTo(older.commit(1));
        assertThat(ledger.read().dates()).isEqualTo(older.read().dates());
        assertThat(ledger.read().delta()).isEmpty();
    }

    @Test
    void theLastVersionOfADeltaTableHolds() throws IOException {
        Ledger ledger = open(TRUSTED);
        DeltaVersion first = new DeltaVersion("a/rows", 0, 1, List.of());
        DeltaVersion second = new DeltaVersion("a/rows", 1, 2, List.of("b/deleted"));
        LedgerState basis = ledger.read();
        ledger.commit(delta("a", first), basis);
        assertThat(ledger.commit(delta("b", second), basis))
                .as("both start from the same version")
                .isInstanceOf(CommitResult.Overtaken.class);
        ledger.commit(delta("c", second), ledger.read());
        ledger.commit(Commit.of(TRUSTED, "d").by("run", Operation.CLEAN).build(), ledger.read());

        assertThat(json(TRUSTED, 2).get("delta"))
                .hasToString("{\"folder\":\"a/rows\",\"version\":1,\"transaction\":2,\"remembered\":[\"b/deleted\"]}");
        assertThat(ledger.read().delta()).contains(second);
        assertThat(ledger.commit(3).delta()).isEmpty();

        DeltaVersion forgetful = second.remembering(List.of(), Optional.of("2024-01-01T04:00:00Z"));
        ledger.commit(delta("e", forgetful), ledger.read());
        assertThat(json(TRUSTED, 4).get("delta").get("forgotten").asText()).isEqualTo("2024-01-01T04:00:00Z");
        assertThat(open(TRUSTED).read().delta()).contains(forgetful);
    }

    @Test
    void aDateKnowsTheVersionsOfInputsWithoutDates() throws IOException {
        Ledger ledger = open(TRUSTED);
        Map<TableName, SequenceSet> inputs = Map.of(ORDERS, SequenceSet.of(1L));
        SnapshotRead read = new SnapshotRead(7, Optional.of("p"));
        DateBuild without = new DateBuild(DAY, inputs, true, Balance.NONE, List.of());
        DateBuild with = new DateBuild(DAY.plusDays(1), inputs, Map.of(PRICES, read), true, Balance.NONE, List.of());
        ledger.commit(
                Commit.of(TRUSTED, "a")
                        .by("run", Operation.BUILD)
                        .dates(List.of(without, with))
                        .balance(Balance.NONE)
                        .build(),
                ledger.read());
        JsonNode dates = json(TRUSTED, 1).get("dates");
        assertThat(dates.get(0).has("snapshots")).isFalse();
        assertThat(dates.get(1).get("snapshots")).hasToString("{\"raw.prices\":{\"commit\":7,\"id\":\"p\"}}");
        assertThat(Json.mapper().readValue("7", SnapshotRead.class)).isEqualTo(new SnapshotRead(7, Optional.empty()));
        assertThat(open(TRUSTED).commit(1).dates()).containsExactly(without, with);
    }

    @Test
    void aDateKnowsWhenItsChangedRowsAre() throws IOException {
        Ledger ledger = open(TRUSTED);
        Map<TableName, SequenceSet> inputs = Map.of(ORDERS, SequenceSet.of(1L));
        TimeRange second = new TimeRange(Instant.parse("2024-01-01T10:05:00Z"), Instant.parse("2024-01-01T10:05:01Z"));
        DateBuild unknown = new DateBuild(DAY, inputs, false, Balance.NONE, List.of());
        DateBuild known =
                new DateBuild(DAY.plusDays(1), inputs, Map.of(), false, Balance.NONE, List.of(), List.of(second));
        ledger.commit(
                Commit.of(TRUSTED, "a")
                        .by("run", Operation.BUILD)
                        .dates(List.of(unknown, known))
                        .balance(Balance.NONE)
                        .build(),
                ledger.read());
        JsonNode dates = json(TRUSTED, 1).get("dates");
        assertThat(dates.get(0).has("changed")).isFalse();
        assertThat(dates.get(1).get("changed"))
                .hasToString("[{\"from\":\"2024-01-01T10:05:00Z\",\"until\":\"2024-01-01T10:05:01Z\"}]");
        assertThat(open(TRUSTED).commit(1).dates()).containsExactly(unknown, known);
    }

    @Test
    void aDateKnowsWhichOfItsRowsWereKept() throws IOException {
        DateBuild computed =
                new DateBuild(DAY, Map.of(ORDERS, SequenceSet.of(1L)), false, Balance.landed(3, 3, 0), List.of());
        DateBuild joined = computed.keeping(Balance.landed(2, 2, 0));
        JsonNode written = Json.mapper().valueToTree(joined);
        assertThat(written.get("kept").get("written").asLong()).isEqualTo(2);
        assertThat(Json.mapper().treeToValue(written, DateBuild.class)).isEqualTo(joined);
        assertThat(Json.mapper().valueToTree(computed).has("kept")).isFalse();
        assertThat(computed.keeping(Balance.NONE)).isEqualTo(computed);
        Commit commit = Commit.of(TRUSTED, "a")
                .dates(List.of(joined))
                .balance(joined.balance())
                .build();
        assertThat(commit.computed()).isEqualTo(Balance.landed(1, 1, 0));
    }

    @Test
    void aVersionSaysWhatItChanged() throws IOException {
        Ledger ledger = open(TRUSTED);
        DeltaVersion first = new DeltaVersion("a/rows", 0, 1, List.of());
        DeltaVersion second = new DeltaVersion("a/rows", 1, 2, List.of(), Optional.of(DAY));
        DeltaVersion third = new DeltaVersion("a/rows", 2, 3, List.of()).ofSameRows();
        ledger.commit(delta("a", first), ledger.read());
        ledger.commit(delta("b", second), ledger.read());
        ledger.commit(delta("c", third), ledger.read());
        assertThat(json(TRUSTED, 2).get("delta").get("changed_since").asText()).isEqualTo(DAY.toString());
        assertThat(json(TRUSTED, 3).get("delta").get("same_rows").asBoolean()).isTrue();
        assertThat(open(TRUSTED).commit(3).delta()).contains(third);
        LedgerState state = open(TRUSTED).read();
        assertThat(state.deltaChanges()).contains(new DeltaChanges(3, 1, new TreeMap<>(Map.of(DAY, 2L))));
        assertThat(Json.mapper().readValue(Json.mapper().writeValueAsBytes(state), LedgerState.class))
                .isEqualTo(state);
    }

    @Test
    void aVersionWhoseFoldersWereClearedAwayIsRefused() throws IOException {
        Ledger ledger = open(TRUSTED);
        LedgerState basis = ledger.read();
        ledger.commit(
                Commit.of(TRUSTED, "d")
                        .by("run", Operation.CLEAN)
                        .cleaned(new Cleaned(List.of(), List.of(), List.of("b"), List.of()))
                        .build(),
                basis);
        assertThatThrownBy(() ->
                        ledger.commit(delta("b", new DeltaVersion("a/rows", 1, 1, List.of("b/deleted"))), basis))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("the files of this run were cleaned away by commit 1");
    }

    private static Commit delta(String id, DeltaVersion version) {
        return Commit.of(TRUSTED, id)
                .by("run", Operation.BUILD)
                .balance(Balance.landed(3, 3, 0))
                .delta(version)
                .build();
    }

    @Test
    void theSameFileFromOneBasisIsOvertaken() throws IOException {
        Ledger ledger = ledger(2, PRICES, 2);
        LedgerState basis = ledger.read();
        ledger.commit(files("a", "/landing/prices/a.csv"), basis);
        assertThat(ledger.commit(files("b", "/landing/prices/a.csv"), basis))
                .isInstanceOf(CommitResult.Overtaken.class);
        assertThat(ledger.commit(files("c", "/landing/prices/c.csv"), basis))
                .isInstanceOf(CommitResult.Committed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"000000000002.json", "000000000002.snapshot"})
    void refusesAFormatThatANewerProgramWrote(String name) throws IOException {
        Ledger ledger = ledger(2, PRICES, 2);
        Files.writeString(file(PRICES, name), "{\"version\":7,\"unheard_of\":true}");
        assertThatThrownBy(ledger::read)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessage("The ledger of raw.prices has " + name + " in format 7; this program reads formats 1 to 6."
                        + " Use the version of Igarapé that wrote it, or a newer one.");
    }

    @Test
    void anEntryOfAnOlderFormatThatIsDamagedIsReported() throws IOException {
        Ledger ledger = ledger(1, PRICES, 2);
        Path entry = file(PRICES, "000000000002.json");
        Files.writeString(
                entry,
                Files.readString(entry).replaceFirst("\"offsets\":\\{.*\"topic_ids\"", "\"offsets\":[],\"topic_ids\""));
        assertThatThrownBy(ledger::read)
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("000000000002.json: 'offsets' is no object. It is damaged");
    }

    private static Commit files(String id, String path) {
        return Commit.of(PRICES, id)
                .by("run-" + id, Operation.LAND)
                .consumed(new Consumed.Files(Map.of(path, B)))
                .build();
    }

    private Ledger open(TableName table) throws IOException {
        String ledger = folder.resolve(table.toString()).toUri().toString();
        return new Ledger(table, new Configuration(), ledger, Clock.systemUTC(), Step.Listener.NONE);
    }

    /** A table's ledger with the first so many commits of a format, put there as a backup is restored. */
    private Ledger ledger(int format, TableName table, long commits) throws IOException {
        Ledger ledger = open(table);
        for (long sequence = 1; sequence <= commits; sequence++) {
            assertThat(ledger.restore(sequence, resource(format, table, "%012d.json".formatted(sequence))))
                    .isTrue();
        }
        return ledger;
    }

    private void copySnapshot(int format, TableName table, long head) throws IOException {
        String name = "%012d.snapshot".formatted(head);
        Files.write(file(table, name), resource(format, table, name));
    }

    /** A file of a ledger; without the checksum that Hadoop keeps of a local one. */
    private Path file(TableName table, String name) throws IOException {
        Path ledger = folder.resolve(table.toString());
        Files.deleteIfExists(ledger.resolve("." + name + ".crc"));
        return ledger.resolve(name);
    }

    private JsonNode json(TableName table, long sequence) throws IOException {
        Path entry = folder.resolve(table.toString()).resolve("%012d.json".formatted(sequence));
        return Json.mapper().readTree(Files.readString(entry, StandardCharsets.UTF_8));
    }

    private static byte[] resource(int format, TableName table, String name) throws IOException {
        try (InputStream in =
                LedgerFormatTest.class.getResourceAsStream("format-" + format + "/" + table + "/" + name)) {
            return in.readAllBytes();
        }
    }
}
