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

/** What a stored file holds: its bytes, or what they become when they are decompressed, as they are read. */
public final class FileContent extends FilterInputStream {
    /** As far as a tar archive must be read to be told. */
    private static final int HEAD = 512;

    private static final int BUFFER = 1 << 20;

    private final String name;

    private FileContent(InputStream in, String name) {
        super(in);
        this.name = name;
    }

    /**
     * The content of a file.
     *
     * @param name of the file, for messages
     * @throws LakeException (DEFINITION), also while it is read, if it is no text, or damaged
     */
    public static InputStream of(InputStream stored, String name) throws IOException {
        try {
            return unpacked(new BufferedInputStream(new Stored(stored), BUFFER), name);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static InputStream unpacked(InputStream in, String name) throws IOException {
        byte[] head = head(in);
        requireText(head, name);
        Optional<Compression> compression = Compression.of(head);
        if (compression.isEmpty()) {
            requireAsNamed(head, name);
            return new FileContent(in, name);
        }
        InputStream content = new BufferedInputStream(open(compression.get(), in, name), BUFFER);
        byte[] inner = head(content);
        requireText(inner, name);
        if (Compression.of(inner).isPresent()) {
            throw refused(name + " is compressed twice. Decompress it once.", null);
        }
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
        NotTextException.of(head).ifPresent(kind -> {
            throw refused(name + " is " + kind.what() + ". " + kind.remedy(), null);
        });
    }

    /** Text under a name like {@code x.csv.gz} is read as text; other bytes there are a file that has lost its begin. */
    private static void requireAsNamed(byte[] head, String name) {
        Optional<Compression> named = Compression.named(name);
        if (named.isPresent() && !isText(head)) {
            throw refused(
                    name + " is called a " + named.get().shown() + " file, but does not begin like one and is no text."
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
            return refused(
                    name + " takes more memory to decompress than a landing may have (" + why
                            + "). Compress it again with a smaller window, e.g. with zstd's or xz's own defaults.",
                    cause);
        }
        return refused(
                name + " can't be decompressed: it is damaged or breaks off (" + why
                        + "). Put the whole file in its place, renamed there once it is whole.",
                cause);
    }

    private static LakeException refused(String message, Exception cause) {
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

    /** Decompressors fail here, too, and nobody needs to know. */
    @Override
    public int available() {
        return 0;
    }

    /** Lets failures of the file system through a decompressor, for which they would be damage. */
    private static final class Stored extends FilterInputStream {
        Stored(InputStream in) {
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
