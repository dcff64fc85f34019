package dev.igarape.jobs.landing.files.content;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * Compression formats, recognised by a file's first bytes because names may be wrong. A file may consist of several
 * concatenated streams.
 */
enum Compression {
    GZIP("gzip", ".gz") {
        @Override
        boolean matches(byte[] head) {
            return MagicBytes.at(head, 0, 0x1f, 0x8b, 0x08);
        }

        @Override
        InputStream open(InputStream in) throws IOException {
            return new GzipCompressorInputStream(in, true);
        }
    },
    ZSTD("Zstandard", ".zst") {
        @Override
        boolean matches(byte[] head) {
            boolean skippable = head.length > 0 && (head[0] & 0xf0) == 0x50 && MagicBytes.at(head, 1, 0x2a, 0x4d, 0x18);
            return skippable || MagicBytes.at(head, 0, 0x28, 0xb5, 0x2f, 0xfd);
        }

        @Override
        InputStream open(InputStream in) throws IOException {
            return new ZstdInputStream(in);
        }
    },
    BZIP2("bzip2", ".bz2") {
        @Override
        boolean matches(byte[] head) {
            boolean block = MagicBytes.at(head, 4, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59);
            boolean end = MagicBytes.at(head, 4, 0x17, 0x72, 0x45, 0x38, 0x50, 0x90);
            return MagicBytes.at(head, 0, 'B', 'Z', 'h') && (block || end);
        }

        @Override
        InputStream open(InputStream in) throws IOException {
            return new BZip2CompressorInputStream(in, true);
        }
    },
    XZ("xz", ".xz") {
        @Override
        boolean matches(byte[] head) {
            return MagicBytes.at(head, 0, 0xfd, '7', 'z', 'X', 'Z', 0x00);
        }

        @Override
        InputStream open(InputStream in) throws IOException {
            return new XZCompressorInputStream(in, true, XZ_MEMORY_KIB);
        }
    };

    /** {@code xz -9} needs a quarter of it. */
    private static final int XZ_MEMORY_KIB = 256 << 10;

    private final String displayName;
    private final String suffix;

    Compression(String displayName, String suffix) {
        this.displayName = displayName;
        this.suffix = suffix;
    }

    /** The format of a file that begins with these bytes; empty if it is not compressed. */
    static Optional<Compression> of(byte[] head) {
        for (Compression compression : values()) {
            if (compression.matches(head)) {
                return Optional.of(compression);
            }
        }
        return Optional.empty();
    }

    /** The format that a file's name suggests. */
    static Optional<Compression> byName(String name) {
        for (Compression compression : values()) {
            if (name.endsWith(compression.suffix)) {
                return Optional.of(compression);
            }
        }
        return Optional.empty();
    }

    abstract boolean matches(byte[] head);

    /** Decompresses a stream of this format. Reading fails if the stream is damaged or truncated. */
    abstract InputStream open(InputStream in) throws IOException;

    /** The name for messages. */
    String displayName() {
        return displayName;
    }
}
