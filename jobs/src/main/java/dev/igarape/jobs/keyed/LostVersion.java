package dev.igarape.jobs.keyed;

import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * A version of a Delta table that its ledger names and its log lacks.
 *
 * @param problem a clause, such as {@code its Delta table hdfs://… is gone}
 * @param remedy a clause that an alternative may follow
 */
public record LostVersion(String problem, String remedy) {
    /**
     * Empty if the version is there.
     *
     * @param log of the table in this folder; empty if it has none
     */
    public static Optional<LostVersion> of(Optional<DeltaLogFolder> log, Path folder, long version) {
        long last = log.map(DeltaLogFolder::last).orElse(-1L);
        if (last >= version) {
            return Optional.empty();
        }
        String problem = last < 0
                ? "its Delta table " + folder + " is gone"
                : "its ledger names version " + version + " of its Delta table " + folder
                        + ", whose log ends with version " + last
                        + ", since an older copy of the folder was put back or files of the log were deleted";
        String remedy =
                "Put back a copy of the folder that has version " + version + ", from a backup or a snapshot of HDFS";
        return Optional.of(new LostVersion(problem, remedy));
    }

    LakeException error(TableName table) {
        return new LakeException(
                ExitCode.EXPECTATION,
                "Cannot build or compact %s: %s. %s, or delete the table's ledger and build all dates again."
                        .formatted(table, problem, remedy));
    }
}
