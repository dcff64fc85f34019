package dev.igarape.jobs.keyed;

import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.types.DataTypeUtils;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SQLExecution;
import scala.Option;
import scala.collection.JavaConverters;

/**
 * Keeps what a step has computed, so that each further use reads the same. Where there are few events, rows that are no more than
 * these stay in memory: to write files and to read them takes longer than all else that is done with so few.
 */
final class KeptRows {
    private final SparkSession session;
    private final Path folder;
    private final boolean few;

    /**
     * @param folder of these rows alone
     * @param few whether as many rows as the step has events, and as wide ones, fit into memory
     */
    KeptRows(SparkSession session, Path folder, boolean few) {
        this.session = session;
        this.folder = folder;
        this.few = few;
    }

    /** Keeps any number of rows. */
    Dataset<Row> kept(Dataset<Row> rows, String name) {
        String path = new Path(folder, name).toString();
        rows.write().parquet(path);
        return session.read().schema(rows.schema()).parquet(path);
    }

    /** Keeps rows, of which there are at most about as many as the step has events, and no wider ones, or any number. */
    Dataset<Row> kept(Dataset<Row> rows, String name, boolean asEvents) {
        return asEvents ? keptOfEvents(rows, name) : kept(rows, name);
    }

    /** Keeps at most about as many rows as the step has events, and no wider ones. */
    Dataset<Row> keptOfEvents(Dataset<Row> rows, String name) {
        return few ? inMemory(rows) : kept(rows, name);
    }

    private Dataset<Row> inMemory(Dataset<Row> rows) {
        QueryExecution query = rows.queryExecution();
        // As Spark has them: text that is not UTF-8 would not survive as a string of Java.
        InternalRow[] values = SQLExecution.withNewExecutionId(
                query, Option.apply("kept"), () -> query.executedPlan().executeCollect());
        // Nullable, as those of files are.
        List<Attribute> columns =
                JavaConverters.seqAsJavaList(
                                DataTypeUtils.toAttributes(rows.schema().asNullable()))
                        .stream()
                        .map(Attribute.class::cast)
                        .toList();
        LocalRelation relation = new LocalRelation(
                JavaConverters.asScalaBuffer(columns).toSeq(),
                JavaConverters.asScalaBuffer(Arrays.asList(values)).toSeq(),
                false);
        // In one partition, so that nothing has to be shuffled.
        return session.withActive(() -> Dataset.ofRows(session, relation)).coalesce(1);
    }
}
