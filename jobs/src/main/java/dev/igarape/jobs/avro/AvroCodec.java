package dev.igarape.jobs.avro;

import java.io.Serializable;
import org.apache.avro.file.CodecFactory;

/** How the blocks of landed Avro files are compressed. */
public record AvroCodec(Name name, int level) implements Serializable {
    /** Codecs that Spark, Hive and Trino read. */
    public enum Name {
        NONE,
        SNAPPY,
        ZSTANDARD
    }

    /** No compression. */
    public static AvroCodec none() {
        return new AvroCodec(Name.NONE, 0);
    }

    public static AvroCodec snappy() {
        return new AvroCodec(Name.SNAPPY, 0);
    }

    /** @param level 1 (fast) to 22 (small) */
    public static AvroCodec zstandard(int level) {
        return new AvroCodec(Name.ZSTANDARD, level);
    }

    /** Makes what compresses blocks. */
    public BlockCodec blocks() {
        return switch (name) {
            case NONE -> new BlockCodec.None();
            case SNAPPY -> new BlockCodec.SnappyBlocks();
            case ZSTANDARD -> new BlockCodec.Zstandard(level);
        };
    }

    /** Avro's own implementation, which names the codec in a file's header. */
    public CodecFactory factory() {
        return switch (name) {
            case NONE -> CodecFactory.nullCodec();
            case SNAPPY -> CodecFactory.snappyCodec();
            case ZSTANDARD -> CodecFactory.zstandardCodec(level, false, true);
        };
    }
}
