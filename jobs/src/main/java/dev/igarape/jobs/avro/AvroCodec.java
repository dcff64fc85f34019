package dev.igarape.jobs.avro;

import java.io.Serializable;
import org.apache.avro.file.CodecFactory;

/** Compression codec of the blocks of an Avro file. */
public record AvroCodec(Name name, int level) implements Serializable {
    /** The codecs that Spark, Hive and Trino can read. */
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

    /** Creates a compressor for blocks. */
    public BlockCodec blocks() {
        return switch (name) {
            case NONE -> new BlockCodec.None();
            case SNAPPY -> new BlockCodec.SnappyBlocks();
            case ZSTANDARD -> new BlockCodec.Zstandard(level);
        };
    }

    /** Avro's own implementation, which writes the codec's name into a file's header. */
    public CodecFactory factory() {
        return switch (name) {
            case NONE -> CodecFactory.nullCodec();
            case SNAPPY -> CodecFactory.snappyCodec();
            case ZSTANDARD -> CodecFactory.zstandardCodec(level, false, true);
        };
    }
}
