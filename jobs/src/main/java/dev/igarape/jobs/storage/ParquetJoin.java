package dev.igarape.jobs.storage;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.SeekableInputStream;

/**
 * Joins row groups of Parquet files into one file without decoding their rows: they are copied byte by byte. Each keeps its
 * statistics, so readers skip those that they do not need.
 */
public final class ParquetJoin {
    private final Configuration hadoop;
    private final List<Part> parts;

    /** @param parts one or more */
    public ParquetJoin(Configuration hadoop, List<Part> parts) {
        this.hadoop = hadoop;
        this.parts = List.copyOf(parts);
    }

    /**
     * Row groups of a file.
     *
     * @param isWhole whether these are all of its row groups
     */
    public record Part(FileStatus file, FileMetaData footer, List<BlockMetaData> rowGroups, boolean isWhole) {}

    /** Those row groups of a file that are wanted; reads its footer. */
    public static Part part(Configuration hadoop, FileStatus file, Predicate<BlockMetaData> wanted) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromStatus(file, hadoop))) {
            List<BlockMetaData> all = reader.getRowGroups();
            List<BlockMetaData> some = all.stream().filter(wanted).toList();
            return new Part(file, reader.getFileMetaData(), some, some.size() == all.size());
        }
    }

    /** How many row groups the joined file will have. */
    public int rowGroups() {
        return parts.stream().mapToInt(part -> part.rowGroups().size()).sum();
    }

    /** Whether the files have the same schema and properties; others can only be joined by decoding them. */
    public boolean areAlike() {
        FileMetaData first = parts.get(0).footer();
        return parts.stream()
                .map(Part::footer)
                .allMatch(footer -> footer.getSchema().equals(first.getSchema())
                        && footer.getKeyValueMetaData().equals(first.getKeyValueMetaData()));
    }

    /**
     * Writes the joined file.
     *
     * @param target that does not exist
     */
    public void write(Path target) throws IOException {
        if (!areAlike()) {
            throw new IllegalStateException("files for " + target + " have different schemas or properties");
        }
        try (ClosedOutput output = new ClosedOutput(HadoopOutputFile.fromPath(target, hadoop))) {
            write(output);
        }
    }

    private void write(OutputFile output) throws IOException {
        FileMetaData first = parts.get(0).footer();
        ParquetFileWriter writer = new ParquetFileWriter(
                output,
                first.getSchema(),
                ParquetFileWriter.Mode.CREATE,
                ParquetWriter.DEFAULT_BLOCK_SIZE,
                ParquetWriter.MAX_PADDING_SIZE_DEFAULT,
                ParquetProperties.DEFAULT_COLUMN_INDEX_TRUNCATE_LENGTH,
                ParquetProperties.DEFAULT_STATISTICS_TRUNCATE_LENGTH,
                ParquetProperties.DEFAULT_PAGE_WRITE_CHECKSUM_ENABLED);
        writer.start();
        for (Part part : parts) {
            try (SeekableInputStream bytes =
                    HadoopInputFile.fromStatus(part.file(), hadoop).newStream()) {
                writer.appendRowGroups(bytes, part.rowGroups(), false);
            }
        }
        writer.end(first.getKeyValueMetaData());
    }

    /** A file whose stream is closed also if writing fails: the writer leaves it open then, and HDFS its lease. */
    private static final class ClosedOutput implements OutputFile, AutoCloseable {
        private final OutputFile file;
        private Optional<PositionOutputStream> stream = Optional.empty();

        private ClosedOutput(OutputFile file) {
            this.file = file;
        }

        @Override
        public PositionOutputStream create(long blockSize) throws IOException {
            stream = Optional.of(file.create(blockSize));
            return stream.get();
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSize) throws IOException {
            stream = Optional.of(file.createOrOverwrite(blockSize));
            return stream.get();
        }

        @Override
        public boolean supportsBlockSize() {
            return file.supportsBlockSize();
        }

        @Override
        public long defaultBlockSize() {
            return file.defaultBlockSize();
        }

        @Override
        public void close() throws IOException {
            if (stream.isPresent()) {
                stream.get().close();
            }
        }
    }
}
