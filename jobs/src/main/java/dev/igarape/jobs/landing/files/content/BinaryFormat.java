package dev.igarape.jobs.landing.files.content;

import java.util.Optional;

/** Binary formats that a landing cannot read, recognised by their magic numbers. */
enum BinaryFormat {
    ZIP("a ZIP archive, as Excel's workbooks are, too", Remedy.UNPACK, 0, 'P', 'K', 0x03, 0x04),
    EMPTY_ZIP("an empty ZIP archive", Remedy.UNPACK, 0, 'P', 'K', 0x05, 0x06),
    SPLIT_ZIP("a part of a ZIP archive", Remedy.UNPACK, 0, 'P', 'K', 0x07, 0x08),
    SEVEN_ZIP("a 7z archive", Remedy.UNPACK, 0, '7', 'z', 0xbc, 0xaf, 0x27, 0x1c),
    RAR("a RAR archive", Remedy.UNPACK, 0, 'R', 'a', 'r', '!', 0x1a, 0x07),
    TAR("a tar archive", Remedy.UNPACK, 257, 'u', 's', 't', 'a', 'r', 0x00),
    GNU_TAR("a tar archive", Remedy.UNPACK, 257, 'u', 's', 't', 'a', 'r', ' ', ' ', 0x00),
    LZ4("compressed with LZ4", Remedy.REPACK, 0, 0x04, 0x22, 0x4d, 0x18),
    LZIP("compressed with lzip", Remedy.REPACK, 0, 'L', 'Z', 'I', 'P', 0x01),
    LZOP("compressed with lzop", Remedy.REPACK, 0, 0x89, 'L', 'Z', 'O', 0x00),
    SNAPPY("compressed with Snappy", Remedy.REPACK, 0, 0xff, 0x06, 0x00, 0x00, 's', 'N', 'a', 'P', 'p', 'Y'),
    COMPRESS("compressed with compress (.Z)", Remedy.REPACK, 0, 0x1f, 0x9d),
    PARQUET("a Parquet file", Remedy.PARQUET, 0, 'P', 'A', 'R', '1', 0x15),
    AVRO("an Avro file", Remedy.AVRO, 0, 'O', 'b', 'j', 0x01),
    EXCEL("an Excel workbook", Remedy.EXPORT, 0, 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1),
    PDF("a PDF", Remedy.EXPORT, 0, '%', 'P', 'D', 'F', '-');

    private final String what;
    private final String remedy;
    private final int offset;
    private final int[] magic;

    BinaryFormat(String what, String remedy, int offset, int... magic) {
        this.what = what;
        this.remedy = remedy;
        this.offset = offset;
        this.magic = magic.clone();
    }

    /** The binary format of content that begins with these bytes. */
    static Optional<BinaryFormat> of(byte[] head) {
        for (BinaryFormat kind : values()) {
            if (kind.matches(head)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** Whether content that begins with these bytes is of this format. */
    boolean matches(byte[] head) {
        return MagicBytes.at(head, offset, magic);
    }

    /** Whether a whole file that begins with these bytes is Parquet; text of these four letters is not looked for. */
    static boolean isParquet(byte[] head) {
        return MagicBytes.at(head, 0, 'P', 'A', 'R', '1');
    }

    /** The description for messages. */
    String what() {
        return what;
    }

    String remedy() {
        return remedy;
    }

    private static final class Remedy {
        static final String UNPACK = "Unpack it, put the files that it holds in its place, and move it away.";
        static final String REPACK = "Unpack it, or compress it with gzip, zstd, bzip2 or xz instead.";
        static final String PARQUET = "Land such files by a table with `format: parquet`, and move it away.";
        static final String AVRO = "Land such files by a table with `format: avro`, and move it away.";
        static final String EXPORT = "Export its rows as CSV or JSON, put that file in its place, and move it away.";
    }
}
