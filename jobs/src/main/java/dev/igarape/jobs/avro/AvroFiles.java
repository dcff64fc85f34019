package dev.igarape.jobs.avro;

import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.avro.AvroFileFormat;
import org.apache.spark.sql.execution.datasources.FileStatusCache;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.InMemoryFileIndex;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.immutable.Map;

/**
 * Avro files that were listed before. Spark's own reader asks for each folder whether it exists and lists it again, which
 * takes longer than to read the small files of a live landing.
 */
public final class AvroFiles {
    private AvroFiles() {}

    /**
     * Their rows.
     *
     * @param schema that reads all of them
     * @param root folder above all of them
     */
    public static Dataset<Row> rows(SparkSession session, String schema, Path root, List<FileStatus> files) {
        Map<String, String> options = new Map.Map2<>("avroSchema", schema, "recursiveFileLookup", "true");
        StructType columns = AvroColumns.sparkType(schema).asNullable();
        InMemoryFileIndex index = new InMemoryFileIndex(
                session,
                JavaConverters.asScalaBuffer(List.of(root)).toSeq(),
                options,
                Option.apply(columns),
                new Listed(files.toArray(FileStatus[]::new)),
                Option.empty(),
                Option.empty());
        return session.baseRelationToDataFrame(new HadoopFsRelation(
                index, new StructType(), columns, Option.empty(), new AvroFileFormat(), options, session));
    }

    /** Says that the root has these files. */
    private static final class Listed extends FileStatusCache {
        private final FileStatus[] files;

        private Listed(FileStatus... files) {
            this.files = files;
        }

        @Override
        public Option<FileStatus[]> getLeafFiles(Path root) {
            return Option.apply(files);
        }

        @Override
        public void putLeafFiles(Path root, FileStatus[] found) {
            throw new IllegalStateException("listed " + root + ", whose files are known");
        }

        @Override
        public void invalidateAll() {
            // Files of a commit never change.
        }
    }
}
