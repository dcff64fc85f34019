package dev.igarape.jobs.landing;

import dev.igarape.model.ExitCode;
import dev.igarape.model.LakeException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Opens file systems, saying what is wrong where that fails. */
final class FileSystems {
    private FileSystems() {}

    static FileSystem of(Path path, Configuration hadoop) {
        try {
            return path.getFileSystem(hadoop);
        } catch (IOException e) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    "Cannot open the file system of " + path + ": " + e.getMessage() + ". Check the target's hdfs.",
                    e);
        }
    }
}
