package dev.igarape.jobs.landing.files.content;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** How a file is compressed. Its first bytes say so, since names lie; each kind may be several streams, one after the other. */
enum Compression {
    GZIP("gzip", ".gz") {
        @Override
        boolean begins(byte[] head) {
            return MagicBytes.at(head, 0, 0x1f, 0x8b, 0x08);
        }

        @Override
        InputStream open(InputStream in) throws IOException {
            return new GzipCompressorInputStream(in, true);
        }
    },
    ZSTD("Zstandard", ".zst") {
        @Override
        boolean begins(byte[] head) {
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
        boolean begins(byte[] head) {
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
        boolean begins(byte[] head) {
            return MagicBytes.at(head, 0, 0xfd, '7', 'z', 'X', 'Z', 0x00);
        }

        @Override
        InputStream open(InputStream in) throws IOException {
            return new XZCompressorInputStream(in, true, XZ_MEMORY_KIB);
        }
    };

    /** {@code xz -9} needs a quarter of it. */
    private static final int XZ_MEMORY_KIB = 256 << 10;

    private final String shown;
    private final String suffix;

    Compression(String shown, String suffix) {
        this.shown = shown;
        this.suffix = suffix;
    }

    /** What the file that begins so is compressed with; empty: it is not. */
    static Optional<Compression> of(byte[] head) {
        for (Compression compression : values()) {
            if (compression.begins(head)) {
                return Optional.of(compression);
            }
        }
        return Optional.empty();
    }

    /** What a file of this name should be compressed with. */
    static Optional<Compression> named(String name) {
        for (Compression compression : values()) {
            if (name.endsWith(compression.suffix)) {
                return Optional.of(compression);
            }
        }
        return Optional.empty();
    }

    abstract boolean begins(byte[] head);

    /** The content of a stream that begins so. Reading it fails where the stream is damaged or breaks off. */
    abstract InputStream open(InputStream in) throws IOException;

    /** Its name for people. */
    String shown() {
        return shown;
    }
}
