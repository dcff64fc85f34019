package dev.igarape.jobs.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.model.CurrentDefinition;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Definition;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folder, format and partitions of each kind of table, and of its quarantine. */
final class TableLayoutTest {
    @TempDir
    private Path folder;

    @Test
    void tablesLieInTheDatabasesAndFoldersOfTheirTarget() throws IOException {
        HiveTable table = main(new DailyDefinition("any"));

        assertThat(table.database()).isEqualTo("dev_trusted");
        assertThat(table.name()).isEqualTo("orders");
        assertThat(table.location()).isEqualTo("hdfs://namenode/lake/dev_trusted/orders");
        assertThat(table.description()).isEqualTo("What was ordered");
        assertThat(layout(new DailyDefinition("any"))
                        .databaseFolder(TableName.parse("trusted.orders").layer()))
                .isEqualTo("hdfs://namenode/lake/dev_trusted");
    }

    @Test
    void quarantineLiesInADatabaseOfItsOwnUnderTheNameOfTheTable() throws IOException {
        TableLayout layout = layout(new DailyDefinition("any"));

        assertThat(layout.quarantine(state()).database()).isEqualTo("dev_quarantine");
        assertThat(layout.quarantine(state()).name()).isEqualTo("trusted_orders");
        assertThat(layout.quarantine(state()).location())
                .isEqualTo(layout.quarantineFolder())
                .isEqualTo("hdfs://namenode/lake/dev_quarantine/trusted_orders");
        assertThat(layout.quarantine(state()).description()).isEqualTo("Rows that a rule kept out of trusted.orders");
    }

    @Test
    void dailyTablesAreParquetByDate() throws IOException {
        assertThat(main(new DailyDefinition("any")).format()).isEqualTo(HiveTable.Format.PARQUET);
        assertThat(main(new DailyDefinition("any")).keys()).isEqualTo(Map.of("date", "date"));
        assertThat(layout(new DailyDefinition("any")).quarantine(state()).format())
                .isEqualTo(HiveTable.Format.PARQUET);
    }

    @Test
    void currentTablesAreDeltaWithoutPartitionsInTheFolderOfTheirVersion() throws IOException {
        TableLayout layout = layout(current());
        LedgerState state = versioned();

        assertThat(layout.mainIfAny(state())).as("there is no version yet").isEmpty();
        assertThat(layout.mainIfAny(state)).hasValueSatisfying(table -> {
            assertThat(table.format()).isEqualTo(HiveTable.Format.DELTA);
            assertThat(table.keys()).isEmpty();
            assertThat(table.location()).isEqualTo("hdfs://namenode/lake/dev_trusted/orders/a/rows");
        });
        assertThat(layout.quarantine(state).format()).isEqualTo(HiveTable.Format.PARQUET);
        assertThat(layout.quarantine(state).keys()).isEqualTo(Map.of("date", "date"));
    }

    private static Definition current() {
        return new CurrentDefinition("any", List.of("id"), List.of("id"), Optional.empty(), false);
    }

    private LedgerState versioned() throws IOException {
        TableName name = TableName.parse("trusted.orders");
        Ledger ledger = new Ledger(
                name,
                new Configuration(),
                folder.resolve("versioned").toUri().toString(),
                Clock.systemUTC(),
                Step.Listener.NONE);
        ledger.commit(
                Commit.of(name, "a")
                        .by("run", Operation.BUILD)
                        .columns(Map.of("id", "string"))
                        .delta(new DeltaVersion("a/rows", 0, 1, List.of()))
                        .build(),
                ledger.read());
        return ledger.read();
    }

    @Test
    void topicsAreAvroByDateAndBatch() throws IOException {
        Definition topic = new LandingDefinition(kafka(Optional.empty()));

        assertThat(main(topic).format()).isEqualTo(HiveTable.Format.AVRO);
        assertThat(main(topic).keys().keySet()).containsExactly("date", "batch");
    }

    @Test
    void topicsMayBePartitionedByTheRecordsNameToo() throws IOException {
        Definition topic = new LandingDefinition(kafka(Optional.of(Source.Kafka.RECORD_NAME)));

        assertThat(main(topic).keys().keySet()).containsExactly("date", "batch", "record_name");
        assertThat(layout(topic).quarantine(state()).keys().keySet()).containsExactly("date", "batch");
    }

    @Test
    void filesAreAvroByDateAndBatch() throws IOException {
        Definition files = new LandingDefinition(new Source.Files("/in/*.csv", "csv", ",", List.of(), "UTF-8"));

        assertThat(main(files).format()).isEqualTo(HiveTable.Format.AVRO);
        assertThat(main(files).keys().keySet()).containsExactly("date", "batch");
    }

    @Test
    void answersOfAnApiAreTextByDate() throws IOException {
        Definition api = new LandingDefinition(new Source.Http("http://any", Map.of(), "json", Optional.empty()));

        assertThat(main(api).format()).isEqualTo(HiveTable.Format.TEXT);
        assertThat(main(api).keys().keySet()).containsExactly("date");
    }

    @Test
    void rowsOfADatabaseAreParquetByDate() throws IOException {
        Definition database =
                new LandingDefinition(new Source.Jdbc("jdbc:any", "any", "any", "orders", Optional.empty(), Map.of()));

        assertThat(main(database).format()).isEqualTo(HiveTable.Format.PARQUET);
        assertThat(main(database).keys().keySet()).containsExactly("date");
    }

    @Test
    void quarantineOfALandingIsReadByTheSchemaOfItsColumns() throws IOException {
        HiveTable quarantine =
                layout(new LandingDefinition(kafka(Optional.empty()))).quarantine(state());

        assertThat(quarantine.format()).isEqualTo(HiveTable.Format.AVRO);
        assertThat(new Schema.Parser()
                        .parse(quarantine.avroSchema().orElseThrow())
                        .getFields())
                .extracting(Schema.Field::name)
                .containsExactlyElementsOf(quarantine.columns().keySet());
    }

    private HiveTable main(Definition definition) throws IOException {
        return layout(definition).main(state());
    }

    private LedgerState state() throws IOException {
        return new Ledger(
                        TableName.parse("trusted.orders"),
                        new Configuration(),
                        folder.toUri().toString(),
                        Clock.systemUTC(),
                        Step.Listener.NONE)
                .read();
    }

    private static TableLayout layout(Definition definition) {
        Target target = new Target(
                "dev",
                "dev_",
                "hdfs://namenode",
                "/lake",
                "",
                Map.of(),
                Map.of(),
                "jdbc:trino://127.0.0.1:1/lake",
                "lake",
                Map.of());
        Table table = new Table(
                TableName.parse("trusted.orders"),
                "What was ordered",
                definition,
                Map.of(),
                List.of(),
                List.of(),
                "forever",
                "hash");
        return new TableLayout(target, table);
    }

    private static Source.Kafka kafka(Optional<String> partitionBy) {
        return new Source.Kafka(List.of("orders"), "earliest", "avro", Optional.empty(), partitionBy);
    }
}
