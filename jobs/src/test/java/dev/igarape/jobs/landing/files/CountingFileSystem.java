package dev.igarape.jobs.landing.files;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local disk under {@code counting://}; counts how often a folder is listed. */
public final class CountingFileSystem extends RawLocalFileSystem {
    static final AtomicInteger LISTINGS = new AtomicInteger();

    @Override
    public String getScheme() {
        return "counting";
    }

    @Override
    public URI getUri() {
        return URI.create("counting:///");
    }

    @Override
    public FileStatus[] listStatus(Path folder) throws IOException {
        LISTINGS.incrementAndGet();
        return super.listStatus(folder);
    }
}
