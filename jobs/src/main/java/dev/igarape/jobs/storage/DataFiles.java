package dev.igarape.jobs.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Data files of a partition's folder. */
public final class DataFiles {
    private DataFiles() {}

    /**
     * Total size of the data files directly in the folder, without the hidden files that engines ignore; 0 if there is
     * no folder. HDFS's own content summary is not used, because it includes files that only a snapshot still holds.
     */
    public static long bytes(FileSystem files, Path folder) throws IOException {
        long bytes = 0;
        try {
            for (FileStatus file : files.listStatus(folder)) {
                String name = file.getPath().getName();
                bytes += name.startsWith("_") || name.startsWith(".") ? 0 : file.getLen();
            }
        } catch (FileNotFoundException e) {
            return 0;
        }
        return bytes;
    }
}
