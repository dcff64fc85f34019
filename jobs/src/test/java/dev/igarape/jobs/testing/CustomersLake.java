package dev.igarape.jobs.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.CommitResult;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.model.CurrentDefinition;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A current table, {@code trusted.customers}, whose commits a test makes itself. */
public final class CustomersLake {
    public static final TableName CUSTOMERS = TableName.parse("trusted.customers");
    public static final LocalDate DATE = LocalDate.parse("2024-01-01");
    public static final Map<String, String> COLUMNS = Map.of("id", "string");

    private CustomersLake() {}

    public static Table table() {
        return table("forever");
    }

    /** The table with this {@code retention}. */
    public static Table table(String retention) {
        Table table = EventsLake.table(
                CUSTOMERS,
                new CurrentDefinition(
                        "SELECT '1' AS id FROM raw.events", List.of("id"), List.of("id"), Optional.empty(), true),
                COLUMNS,
                EventsLake.RAW,
                List.of());
        return new Table(
                table.name(),
                "Who has ordered",
                table.definition(),
                table.columns(),
                table.inputs(),
                table.expectations(),
                retention,
                table.definitionHash());
    }

    /** The folder in the lake of one that is relative to the table's. */
    public static Path folder(Lake lake, String folder) {
        return Path.of(URI.create(new TableLayout(lake.target(), table()).folder()))
                .resolve(folder);
    }

    /** A Delta table of which there is only an empty log, for those who never read it. */
    public static DeltaVersion emptyLog(Lake lake, String folder) throws IOException {
        Files.createDirectories(folder(lake, folder).resolve("_delta_log"));
        return new DeltaVersion(folder, 0, 1, List.of());
    }

    /** Adds rows in this many files; returns the version of the Delta table that has them. */
    public static long append(Lake lake, SparkSession session, String folder, int files) {
        String path = folder(lake, folder).toUri().toString();
        session.range(0, 10, 1, files)
                .selectExpr("cast(id AS string) AS id")
                .write()
                .format("delta")
                .mode("append")
                .save(path);
        return session.sql("DESCRIBE HISTORY delta.`" + path + "` LIMIT 1")
                .head()
                .getLong(0);
    }

    /** The rows of a folder as they are now. */
    public static Dataset<Row> rows(Lake lake, SparkSession session, String folder) {
        return session.read().format("delta").load(folder(lake, folder).toUri().toString());
    }

    /** Commits a version as a build does that took in ten rows of one date. */
    public static Commit commit(Lake lake, DeltaVersion version) throws IOException {
        return commit(lake, version, COLUMNS, List.of());
    }

    /** Likewise, with other columns and with rows in quarantine. */
    public static Commit commit(
            Lake lake, DeltaVersion version, Map<String, String> columns, List<PartitionVersion> quarantine)
            throws IOException {
        long refused = quarantine.stream().mapToLong(PartitionVersion::rows).sum();
        Balance balance = Balance.landed(10 + refused, 10, refused);
        Ledger ledger = lake.ledger(CUSTOMERS);
        Commit draft = lake.draft(lake.table(CUSTOMERS), lake.newCommitId(), Operation.BUILD)
                .columns(columns)
                .dates(List.of(
                        new DateBuild(DATE, Map.of(EventsLake.RAW, SequenceSet.of(1L)), false, balance, List.of())))
                .quarantine(quarantine)
                .balance(balance)
                .delta(version)
                .build();
        CommitResult result = ledger.commit(draft, ledger.read());
        assertThat(result).isInstanceOf(CommitResult.Committed.class);
        return ((CommitResult.Committed) result).commit();
    }
}
