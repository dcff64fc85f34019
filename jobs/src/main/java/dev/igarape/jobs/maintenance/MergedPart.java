package dev.igarape.jobs.maintenance;

import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.model.Storage;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.job.MaintenanceAction;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** What partitions have in common that may be merged: they differ in their batch or interval only. */
record MergedPart(LocalDate date, Optional<String> folder) implements Comparable<MergedPart> {
    static MergedPart of(Table table, PartitionVersion partition) {
        Optional<String> column = table.definition().storage().flatMap(Storage::namedColumn);
        return new MergedPart(
                partition.date(), partition.recordName().map(value -> column.orElse("part") + "=" + value));
    }

    /** Path within a commit's folder. */
    String path() {
        return "date=" + date + folder.map(name -> "/" + name).orElse("");
    }

    /** @param what was done to the partitions, a participle */
    MaintenanceAction action(TableName table, String what, List<CurrentPartition> partitions) {
        return new MaintenanceAction(
                table,
                Optional.of(date),
                what + " " + partitions.size() + (partitions.size() == 1 ? " partition" : " partitions"),
                MergedPartition.files(partitions),
                MergedPartition.rows(partitions),
                MergedPartition.bytes(partitions),
                0);
    }

    @Override
    public int compareTo(MergedPart other) {
        return path().compareTo(other.path());
    }
}
