package dev.igarape.jobs.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The files in a partition's folder that hold its rows. */
public final class DataFiles {
    private DataFiles() {}

    /**
     * Bytes of the files right in the folder, but for those that engines pass over; 0 where there is no folder. What HDFS
     * itself sums up would count files, too, that only a snapshot still has.
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
