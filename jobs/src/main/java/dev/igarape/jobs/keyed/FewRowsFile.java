package dev.igarape.jobs.keyed;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.types.StructType;

/** A Parquet file with few rows, as Spark writes it, but for a job. Until it is closed it may be there in part. */
final class FewRowsFile {
    private FewRowsFile() {}

    /**
     * Writes a folder with the file.
     *
     * @param folder a fresh one, which nobody reads before what names it
     * @param rows as Spark has them
     */
    static void write(SparkSession session, Path folder, List<InternalRow> rows, StructType columns)
            throws IOException {
        Job job = Job.getInstance(session.sessionState().newHadoopConf());
        // The settings of the session say how values are written.
        try (Closing writer = session.withActive(() -> new Closing(open(session, job, folder, columns.asNullable())))) {
            rows.forEach(writer.file()::write);
        }
    }

    private record Closing(OutputWriter file) implements AutoCloseable {
        @Override
        public void close() {
            file.close();
        }
    }

    private static OutputWriter open(SparkSession session, Job job, Path folder, StructType columns) {
        OutputWriterFactory factory = new ParquetFileFormat()
                .prepareWrite(session, job, scala.collection.immutable.Map$.MODULE$.<String, String>empty(), columns);
        TaskAttemptContext context = new TaskAttemptContextImpl(job.getConfiguration(), new TaskAttemptID());
        String name = "part-00000-" + UUID.randomUUID() + factory.getFileExtension(context);
        return factory.newInstance(new Path(folder, name).toString(), columns, context);
    }
}
