package dev.igarape.jobs.landing.kafka.output;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Opens file systems and explains failures. */
public final class FileSystems {
    private FileSystems() {}

    public static FileSystem of(Path path, Configuration hadoop) {
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
