package dev.igarape.jobs.landing.files.rows;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A stored file as Parquet's reader takes it. Its reader throws the same exceptions where a file is damaged as where the file
 * system can't read it; {@link #failure} tells which it was.
 */
final class StoredInput implements InputFile {
    private final InputFile file;

    StoredInput(InputFile file) {
        this.file = file;
    }

    /** The file system's exception among the causes of one of Parquet's reader; empty if the file is damaged. */
    static Optional<IOException> failure(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof StorageException storage) {
                return Optional.of(storage.getCause());
            }
        }
        return Optional.empty();
    }

    private static final class StorageException extends UncheckedIOException {
        private static final long serialVersionUID = 1;

        StorageException(IOException cause) {
            super(cause);
        }
    }

    @Override
    public long getLength() throws IOException {
        return file.getLength();
    }

    @Override
    public SeekableInputStream newStream() {
        SeekableInputStream stream = stored(file::newStream);
        return new SeekableInputStream() {
            @Override
            public long getPos() throws IOException {
                return stored(stream::getPos);
            }

            @Override
            public void seek(long position) throws IOException {
                // What damaged bytes say of a place may be behind the end.
                whole(() -> {
                    stream.seek(position);
                    return position;
                });
            }

            @Override
            public int read() throws IOException {
                return stored(stream::read);
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return stored(() -> stream.read(into, offset, length));
            }

            @Override
            public int read(ByteBuffer into) throws IOException {
                return stored(() -> stream.read(into));
            }

            @Override
            public void readFully(byte[] into) throws IOException {
                readFully(into, 0, into.length);
            }

            @Override
            public void readFully(byte[] into, int offset, int length) throws IOException {
                whole(() -> {
                    stream.readFully(into, offset, length);
                    return length;
                });
            }

            @Override
            public void readFully(ByteBuffer into) throws IOException {
                whole(() -> {
                    stream.readFully(into);
                    return into.position();
                });
            }

            @Override
            public void close() throws IOException {
                stream.close();
            }
        };
    }

    /** A call of the file system. */
    private interface Call<T> {
        T call() throws IOException;
    }

    private static <T> T stored(Call<T> call) {
        try {
            return call.call();
        } catch (IOException e) {
            throw new StorageException(e);
        }
    }

    /** A call that finds the end of the file where a whole file has more. */
    private static <T> T whole(Call<T> call) throws EOFException {
        try {
            return call.call();
        } catch (EOFException e) {
            throw e;
        } catch (IOException e) {
            throw new StorageException(e);
        }
    }
}
