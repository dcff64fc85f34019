package dev.igarape.jobs.landing.files.rows;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local disk under {@code failing://}, of which only so many reads succeed. */
public final class FailingFileSystem extends RawLocalFileSystem {
    static final AtomicInteger READS_LEFT = new AtomicInteger();
    static final String AWAY = "no DataNode has the block";

    @Override
    public String getScheme() {
        return "failing";
    }

    @Override
    public URI getUri() {
        return URI.create("failing:///");
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        FSDataInputStream file = super.open(path, bufferSize);
        return new FSDataInputStream(new FSInputStream() {
            @Override
            public void seek(long position) throws IOException {
                file.seek(position);
            }

            @Override
            public long getPos() throws IOException {
                return file.getPos();
            }

            @Override
            public boolean seekToNewSource(long target) {
                return false;
            }

            @Override
            public int read() throws IOException {
                count();
                return file.read();
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                count();
                return file.read(into, offset, length);
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        });
    }

    private static void count() throws IOException {
        if (READS_LEFT.getAndDecrement() <= 0) {
            throw new IOException(AWAY);
        }
    }
}
