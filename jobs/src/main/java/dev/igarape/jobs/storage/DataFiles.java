package dev.igarape.jobs.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
        return list(files, folder).stream().mapToLong(FileStatus::getLen).sum();
    }

    /** The data files directly in the folder; none if there is no folder. */
    public static List<FileStatus> list(FileSystem files, Path folder) throws IOException {
        List<FileStatus> data = new ArrayList<>();
        try {
            for (FileStatus file : files.listStatus(folder)) {
                String name = file.getPath().getName();
                if (file.isFile() && !name.startsWith("_") && !name.startsWith(".")) {
                    data.add(file);
                }
            }
        } catch (FileNotFoundException e) {
            return List.of();
        }
        return data;
    }
}
