package dev.igarape.jobs.sql;

import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.AliasIdentifier;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Repartition;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import scala.Function1;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.runtime.AbstractPartialFunction;

/**
 * A query over {@code <layer>.<name>} tables whose rows are given as datasets. Builds use it to read the folders that
 * the ledger has committed instead of what the metastore shows. Names resolve as with a catalog: {@code
 * trusted.orders.id}, {@code orders.id} and {@code id} are the same column.
 */
public final class InputQuery {
    /** Plans by table name, in its two parts. */
    private final Map<List<String>, LogicalPlan> inputs = new HashMap<>();

    public InputQuery(Map<TableName, Dataset<Row>> inputs) {
        inputs.forEach((name, rows) -> this.inputs.put(
                List.of(name.layer().toString(), name.name()),
                rows.queryExecution().analyzed()));
    }

    /** Reads each input in one partition, so that rows need no exchange between tasks; for small inputs. */
    public InputQuery inOnePartition() {
        inputs.replaceAll((name, plan) -> new Repartition(1, false, plan));
        return this;
    }

    /**
     * The query's result, analysed in this session. Throws Spark's {@code AnalysisException}, which Scala does not
     * declare, if the query does not fit the inputs.
     *
     * @throws LakeException (DEFINITION) if the text is not valid SQL
     */
    public Dataset<Row> dataset(SparkSession session, String sql) {
        // Literals are read in the time zone of the active session.
        return session.withActive(() -> Dataset.ofRows(session, bind(parseQuery(sql))));
    }

    /** Uses the same parser as the compiler; the session's parser would substitute variables. */
    private static LogicalPlan parseQuery(String sql) {
        try {
            return parse(sql);
        } catch (ParseException e) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Spark can't parse the SQL: " + e.getSimpleMessage()
                            + " Mend it, run ./lake compile, and run again.",
                    e);
        }
    }

    /** Declares the exception that Scala does not, so that it can be caught. */
    private static LogicalPlan parse(String sql) throws ParseException {
        return new CatalystSqlParser().parsePlan(sql);
    }

    private LogicalPlan bind(LogicalPlan plan) {
        return plan.transformUpWithSubqueries(new TableBinding());
    }

    private static List<String> parts(UnresolvedRelation relation) {
        return JavaConverters.seqAsJavaList(relation.multipartIdentifier()).stream()
                .map(part -> part.toLowerCase(Locale.ROOT))
                .toList();
    }

    private static <T> Seq<T> seq(List<T> list) {
        return JavaConverters.asScalaBuffer(list).toSeq();
    }

    /** Replaces relations by the inputs, with the alias that Spark gives to a catalog's tables. */
    private final class TableBinding extends AbstractPartialFunction<LogicalPlan, LogicalPlan> {
        @Override
        public boolean isDefinedAt(LogicalPlan plan) {
            return plan instanceof UnresolvedWith
                    || (plan instanceof UnresolvedRelation relation && inputs.containsKey(parts(relation)));
        }

        @Override
        public LogicalPlan apply(LogicalPlan plan) {
            return plan instanceof UnresolvedWith with ? with(with) : input(parts((UnresolvedRelation) plan));
        }

        @Override
        @SuppressWarnings("unchecked")
        public <A extends LogicalPlan, B> B applyOrElse(A plan, Function1<A, B> otherwise) {
            return isDefinedAt(plan) ? (B) apply(plan) : otherwise.apply(plan);
        }

        private LogicalPlan input(List<String> name) {
            return new SubqueryAlias(new AliasIdentifier(name.get(1), seq(name.subList(0, 1))), inputs.get(name));
        }

        /** Common table expressions are not among the children of the plan that declares them. */
        private LogicalPlan with(UnresolvedWith with) {
            List<Tuple2<String, SubqueryAlias>> bind = new ArrayList<>();
            for (Tuple2<String, SubqueryAlias> common : JavaConverters.seqAsJavaList(with.cteRelations())) {
                bind.add(new Tuple2<>(common._1(), (SubqueryAlias) bind(common._2())));
            }
            return with.copy(with.child(), seq(bind));
        }
    }
}
