package dev.igarape.jobs.ledger;

import java.io.IOException;
import java.time.LocalDate;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.Footer;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;

/** A folder of Parquet files. */
public final class ParquetFolder {
    private ParquetFolder() {}

    /**
     * Counts what lies in the folder, from the footers: a second witness beside the counts of whoever wrote it.
     *
     * @param path of the folder, relative to that of its table
     */
    public static PartitionVersion measure(
            FileSystem files, Configuration hadoop, Path folder, String path, LocalDate date) throws IOException {
        int count = 0;
        long rows = 0;
        long bytes = 0;
        for (FileStatus file : files.listStatus(folder)) {
            if (isParquet(file)) {
                try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromStatus(file, hadoop))) {
                    rows += reader.getRecordCount();
                }
                count++;
                bytes += file.getLen();
            }
        }
        return new PartitionVersion(date, Optional.empty(), path, count, rows, bytes);
    }

    /** The columns that its files were written with, which are the same in all of them; empty without files. */
    public static Optional<StructType> schema(FileSystem files, Configuration hadoop, Path folder) throws IOException {
        for (FileStatus file : files.listStatus(folder)) {
            if (isParquet(file)) {
                try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromStatus(file, hadoop))) {
                    return Optional.of(ParquetFileFormat.readSchemaFromFooter(
                            new Footer(file.getPath(), reader.getFooter()),
                            new ParquetToSparkSchemaConverter(new SQLConf())));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isParquet(FileStatus file) {
        return file.isFile() && file.getPath().getName().endsWith(".parquet");
    }
}
