package dev.igarape.jobs.publish;

import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.Step;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.hadoop.hive.metastore.api.Table;

/** Publishes what can't be published partition by partition: tables without any, and tables that get other partition columns. */
final class WholeTable {
    private final Metastore hive;
    private final FolderCheck folders;
    private final Step.Listener steps;
    private final HiveTable wanted;
    private final HiveTable replacement;

    WholeTable(Metastore hive, FolderCheck folders, Step.Listener steps, HiveTable wanted) {
        this.hive = hive;
        this.folders = folders;
        this.steps = steps;
        this.wanted = wanted;
        this.replacement = wanted.named(wanted.name() + "__replacement");
    }

    /** Creates a table without partitions, or gives it another folder or other columns; false if another publisher has taken over. */
    boolean flip(Optional<Table> existing, String databaseFolder, Publisher.Turn turn) throws IOException {
        if (existing.filter(wanted::matches).isPresent()) {
            return true;
        }
        folders.requireLog(wanted);
        if (!turn.mayFlip(existing.map(this::newest).orElse(0L))) {
            return false;
        }
        if (existing.isEmpty()) {
            hive.ensureDatabase(wanted.database(), databaseFolder);
            hive.createTable(wanted.toMetastore(turn.state().head()));
        } else {
            hive.alterTable(wanted.toMetastore(turn.state().head()));
        }
        steps.reached(Step.ALTERED);
        steps.reached(Step.ADDED);
        return true;
    }

    /** The latest commit that the metastore shows of a table. */
    private long newest(Table existing) {
        return existing.getPartitionKeys().isEmpty()
                ? Long.parseLong(existing.getParameters().getOrDefault(Publisher.SEQUENCE, "0"))
                : PartitionDifference.newest(hive.partitions(existing.getDbName(), existing.getTableName()));
    }

    /** Whether it has other partition columns, or a publisher died while it replaced the table, whose name is free then. */
    boolean isToBeReplaced(Optional<Table> existing) {
        return existing.map(wanted::isPartitionedOtherwise)
                .orElseGet(() ->
                        hive.table(replacement.database(), replacement.name()).isPresent());
    }

    /**
     * Replaces a table by one with other partition columns, which the metastore can't alter: a new table with all partitions
     * takes the name of the old one. Between the two calls that do this, and after a death between them until the next
     * publish, readers are told that the table does not exist; they never get wrong rows.
     */
    boolean replace(Optional<Table> existing, List<CurrentPartition> placed, Publisher.Turn turn) throws IOException {
        long newest = existing.map(this::newest).orElse(0L);
        List<Partition> partitions =
                PartitionDifference.of(List.of(), replacement, placed).added();
        folders.require(partitions);
        if (!wanted.isPartitioned()) {
            folders.requireLog(wanted);
        }
        if (!turn.mayFlip(newest)) {
            return false;
        }
        hive.dropTable(replacement);
        hive.createTable(replacement.toMetastore(turn.state().head()));
        if (!partitions.isEmpty()) {
            hive.addPartitions(replacement.database(), replacement.name(), partitions);
        }
        if (!turn.lease().isHeld()) {
            return false;
        }
        hive.dropTable(wanted);
        steps.reached(Step.ALTERED);
        hive.renameTable(replacement, wanted);
        steps.reached(Step.ADDED);
        return true;
    }
}
