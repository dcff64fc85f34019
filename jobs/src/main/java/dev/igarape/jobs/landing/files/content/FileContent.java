package dev.igarape.jobs.landing.files.content;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;

/** The content of a stored file, decompressed while it is read. */
public final class FileContent extends FilterInputStream {
    /** Number of first bytes that are needed to detect a tar archive. */
    private static final int HEAD = 512;

    private static final int BUFFER = 1 << 20;

    private final String name;

    private FileContent(InputStream in, String name) {
        super(in);
        this.name = name;
    }

    /**
     * Opens the content of a file.
     *
     * @param name of the file, for messages
     * @throws LakeException (DEFINITION), also while reading, if the content is not text or damaged
     */
    public static InputStream of(InputStream stored, String name) throws IOException {
        return of(stored, name, FileContent::requireText, FileContent::requireAsNamed);
    }

    /**
     * Opens the content of an Avro file.
     *
     * @param name of the file, for messages
     * @throws LakeException (DEFINITION), also while reading, if it is of another format, or compressed and damaged
     */
    public static InputStream avro(InputStream stored, String name) throws IOException {
        return of(stored, name, FileContent::requireAvro, FileContent::requireAvro);
    }

    /** Checks the first bytes of a file's content. */
    private interface Check {
        void check(byte[] head, String name);
    }

    private static InputStream of(InputStream stored, String name, Check check, Check uncompressed) throws IOException {
        try {
            return decompressed(new BufferedInputStream(new StoredBytes(stored), BUFFER), name, check, uncompressed);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static InputStream decompressed(InputStream in, String name, Check check, Check uncompressed)
            throws IOException {
        byte[] head = head(in);
        Optional<Compression> compression = Compression.of(head);
        if (compression.isEmpty()) {
            check.check(head, name);
            uncompressed.check(head, name);
            return new FileContent(in, name);
        }
        InputStream content = new BufferedInputStream(open(compression.get(), in, name), BUFFER);
        byte[] inner = head(content);
        if (Compression.of(inner).isPresent()) {
            throw rejected(name + " is compressed twice. Decompress it once.", null);
        }
        check.check(inner, name);
        return content;
    }

    private static InputStream open(Compression compression, InputStream in, String name) throws IOException {
        try {
            return new FileContent(compression.open(in), name);
        } catch (UncheckedIOException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw damaged(name, e);
        }
    }

    private static byte[] head(InputStream in) throws IOException {
        in.mark(HEAD);
        byte[] head = in.readNBytes(HEAD);
        in.reset();
        return head;
    }

    private static void requireText(byte[] head, String name) {
        BinaryFormat.of(head).ifPresent(kind -> {
            throw rejected(name + " is " + kind.what() + ". " + kind.remedy(), null);
        });
    }

    private static void requireAvro(byte[] head, String name) {
        if (!BinaryFormat.AVRO.matches(head)) {
            String what = BinaryFormat.of(head).map(BinaryFormat::what).orElse("no Avro file");
            throw rejected(
                    name + " is " + what
                            + ", and the landing's format is avro. Move it away, or land it by a table of its format.",
                    null);
        }
    }

    /** @throws LakeException (DEFINITION) if a file is no Parquet by its first bytes */
    public static void requireParquet(byte[] head, String name) {
        Optional<Compression> compression = Compression.of(head);
        if (compression.isPresent()) {
            throw rejected(
                    name + " is compressed with " + compression.get().displayName()
                            + ", which Parquet can't be read from: it compresses its columns itself. Decompress it.",
                    null);
        }
        if (!BinaryFormat.isParquet(head)) {
            String what = BinaryFormat.of(head).map(BinaryFormat::what).orElse("no Parquet file");
            throw rejected(
                    name + " is " + what
                            + ", and the landing's format is parquet. Move it away, or land it by a table of its"
                            + " format.",
                    null);
        }
    }

    /**
     * Text under a name such as {@code x.csv.gz} is read as text; other bytes mean that the beginning of the file is
     * missing.
     */
    private static void requireAsNamed(byte[] head, String name) {
        Optional<Compression> named = Compression.byName(name);
        if (named.isPresent() && !isText(head)) {
            throw rejected(
                    name + " is called a " + named.get().displayName()
                            + " file, but does not begin like one and is no text."
                            + " Put the whole file in its place.",
                    null);
        }
    }

    private static boolean isText(byte[] head) {
        if (MagicBytes.at(head, 0, 0xff, 0xfe) || MagicBytes.at(head, 0, 0xfe, 0xff)) {
            return true;
        }
        for (byte b : head) {
            if (b >= 0 && b < '\t') {
                return false;
            }
        }
        return true;
    }

    private static LakeException damaged(String name, Exception cause) {
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        if (why.toLowerCase(Locale.ROOT).contains("memory")) {
            return rejected(
                    name + " takes more memory to decompress than a landing may have (" + why
                            + "). Compress it again with a smaller window, e.g. with zstd's or xz's own defaults.",
                    cause);
        }
        return rejected(
                name + " can't be decompressed: it is damaged or breaks off (" + why
                        + "). Put the whole file in its place, renamed there once it is whole.",
                cause);
    }

    private static LakeException rejected(String message, Exception cause) {
        return new LakeException(ExitCode.DEFINITION, message, cause);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        try {
            return in.read(into, offset, length);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (IOException | RuntimeException e) {
            throw damaged(name, e);
        }
    }

    /** Decompressors may fail here as well; the value is optional. */
    @Override
    public int available() {
        return 0;
    }

    /** Passes file system errors through a decompressor, which would otherwise be reported as damage. */
    private static final class StoredBytes extends FilterInputStream {
        StoredBytes(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            try {
                return in.read(into, offset, length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
