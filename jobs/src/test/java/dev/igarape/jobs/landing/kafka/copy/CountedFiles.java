package dev.igarape.jobs.landing.kafka.copy;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** Files of which it counts how many are written at once, by one thread. */
final class CountedFiles extends FilterFileSystem {
    private int open;
    private int most;

    CountedFiles(FileSystem files) {
        super(files);
    }

    /** How many were open at the same time. */
    int most() {
        return most;
    }

    @Override
    public FSDataOutputStream create(
            Path file,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        FSDataOutputStream made =
                super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress);
        open++;
        most = Math.max(most, open);
        return new FSDataOutputStream(made, null) {
            private boolean closed;

            @Override
            public void close() throws IOException {
                if (!closed) {
                    closed = true;
                    open--;
                }
                super.close();
            }
        };
    }
}
