package dev.igarape.jobs.publish;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.metastore.api.Partition;

/** Refuses to show readers what is not there. */
final class FolderCheck {
    private static final String DELTA_LOG = "_delta_log";

    private final FileSystem files;

    FolderCheck(FileSystem files) {
        this.files = files;
    }

    /** @throws LakeException (EXPECTATION) if the folder of one of these partitions is gone */
    void require(List<Partition> partitions) throws IOException {
        for (Partition partition : partitions) {
            if (!files.exists(new Path(partition.getSd().getLocation()))) {
                throw gone(
                        partition.getDbName() + "." + partition.getTableName() + " " + partition.getValues(),
                        "its folder " + partition.getSd().getLocation(),
                        "rebuild that date");
            }
        }
    }

    /** @throws LakeException (EXPECTATION) if a Delta table has no log */
    void requireLog(HiveTable table) throws IOException {
        if (!files.exists(new Path(table.location(), DELTA_LOG))) {
            throw gone(
                    table.database() + "." + table.name(),
                    "its Delta log in " + table.location(),
                    "restore that folder, or build the table anew");
        }
    }

    private static LakeException gone(String what, String folder, String remedy) {
        return new LakeException(
                ExitCode.EXPECTATION,
                "Cannot publish " + what + ": " + folder + " is gone. Readers keep the old version; " + remedy + ".");
    }
}
