package dev.igarape.jobs.avro;

import java.util.List;
import java.util.Map;
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
     * @param folders the files of each folder; Spark takes two relations for one whose folders are equal
     */
    public static Dataset<Row> rows(SparkSession session, String schema, Map<Path, List<FileStatus>> folders) {
        scala.collection.immutable.Map<String, String> options =
                new scala.collection.immutable.Map.Map2<>("avroSchema", schema, "recursiveFileLookup", "true");
        StructType columns = AvroColumns.sparkType(schema).asNullable();
        InMemoryFileIndex index = new InMemoryFileIndex(
                session,
                JavaConverters.asScalaBuffer(List.copyOf(folders.keySet())).toSeq(),
                options,
                Option.apply(columns),
                new Listed(folders),
                Option.empty(),
                Option.empty());
        return session.baseRelationToDataFrame(new HadoopFsRelation(
                index, new StructType(), columns, Option.empty(), new AvroFileFormat(), options, session));
    }

    /** Says which files each folder has. */
    private static final class Listed extends FileStatusCache {
        private final Map<Path, List<FileStatus>> folders;

        private Listed(Map<Path, List<FileStatus>> folders) {
            this.folders = folders;
        }

        @Override
        public Option<FileStatus[]> getLeafFiles(Path root) {
            return Option.apply(folders.get(root)).map(files -> files.toArray(FileStatus[]::new));
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
