package dev.igarape.jobs.keyed;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.types.DataTypeUtils;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SQLExecution;
import org.apache.spark.sql.types.StructType;
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

    /** Whether rows as of events stay in memory. */
    boolean few() {
        return few;
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
        return few ? collected(rows) : kept(rows, name);
    }

    private Dataset<Row> collected(Dataset<Row> rows) {
        QueryExecution query = rows.queryExecution();
        // As Spark has them: text that is not UTF-8 would not survive as a string of Java.
        InternalRow[] values = SQLExecution.withNewExecutionId(
                query, Option.apply("kept"), () -> query.executedPlan().executeCollect());
        return ofRows(session, Arrays.asList(values), rows.schema());
    }

    /** Rows, as Spark has them, in memory. Their columns are nullable, as those of files are. */
    static Dataset<Row> ofRows(SparkSession session, List<InternalRow> rows, StructType schema) {
        List<Attribute> columns = JavaConverters.seqAsJavaList(DataTypeUtils.toAttributes(schema.asNullable())).stream()
                .map(Attribute.class::cast)
                .toList();
        LocalRelation relation = new LocalRelation(
                JavaConverters.asScalaBuffer(columns).toSeq(),
                JavaConverters.asScalaBuffer(rows).toSeq(),
                false);
        return session.withActive(() -> Dataset.ofRows(session, relation));
    }

    /** All of these rows, of the same columns; in memory where both are, so that to write them needs no job. */
    static Dataset<Row> union(Dataset<Row> some, Dataset<Row> more) {
        Optional<List<InternalRow>> first = inMemory(some);
        Optional<List<InternalRow>> second = inMemory(more.select(Latest.columns(some)));
        if (first.isEmpty() || second.isEmpty()) {
            return some.unionByName(more);
        }
        List<InternalRow> all = new ArrayList<>(first.get());
        all.addAll(second.get());
        return ofRows(some.sparkSession(), all, some.schema());
    }

    /** Whether rows are in memory: Spark then computes columns of them, and conditions on them, without a job. */
    static boolean areInMemory(Dataset<Row> rows) {
        return inMemory(rows).isPresent();
    }

    /** Those that are in memory, as they were kept or with columns and conditions applied; else empty. */
    static Optional<List<InternalRow>> inMemory(Dataset<Row> rows) {
        LogicalPlan source = rows.queryExecution().analyzed();
        while (source instanceof Project || source instanceof Filter) {
            source = JavaConverters.seqAsJavaList(source.children()).get(0);
        }
        // Others are not planned, which would be for nothing here.
        return source instanceof LocalRelation
                        && rows.queryExecution().optimizedPlan() instanceof LocalRelation relation
                ? Optional.of(JavaConverters.seqAsJavaList(relation.data()))
                : Optional.empty();
    }

    /** How many rows were kept. */
    static long count(Dataset<Row> kept) {
        return inMemory(kept).map(rows -> (long) rows.size()).orElseGet(kept::count);
    }
}
