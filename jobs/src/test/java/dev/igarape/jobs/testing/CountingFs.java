package dev.igarape.jobs.testing;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local disk for {@code FileContext}, which remembers what it was asked. */
public final class CountingFs extends DelegateToFileSystem {
    private static final List<String> SEEN = Collections.synchronizedList(new ArrayList<>());

    /** For Hadoop, which makes its file systems itself. */
    public CountingFs(URI uri, Configuration configuration) throws IOException, URISyntaxException {
        super(uri, new Counting(), configuration, "file", false);
    }

    /** Makes jobs with this configuration use it. */
    public static void use(Configuration configuration) {
        configuration.setClass("fs.AbstractFileSystem.file.impl", CountingFs.class, DelegateToFileSystem.class);
    }

    public static void reset() {
        SEEN.clear();
    }

    /** Calls in their order; of a listing, how many files it named. */
    public static List<String> seen() {
        return List.copyOf(SEEN);
    }

    private static final class Counting extends RawLocalFileSystem {
        @Override
        public FSDataInputStream open(Path path, int bufferSize) throws IOException {
            SEEN.add("open");
            return super.open(path, bufferSize);
        }

        @Override
        public FileStatus[] listStatus(Path path) throws IOException {
            FileStatus[] files = super.listStatus(path);
            SEEN.add("list " + files.length);
            return files;
        }

        @Override
        public FileStatus getFileStatus(Path path) throws IOException {
            SEEN.add("status");
            return super.getFileStatus(path);
        }

        @Override
        public boolean rename(Path from, Path to) throws IOException {
            SEEN.add("rename");
            return super.rename(from, to);
        }

        @Override
        public boolean delete(Path path, boolean recursive) throws IOException {
            SEEN.add("delete");
            return super.delete(path, recursive);
        }
    }
}
