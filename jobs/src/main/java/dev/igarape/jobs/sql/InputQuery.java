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
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import scala.Function1;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.runtime.AbstractPartialFunction;

/**
 * Runs a query over {@code <layer>.<name>} tables on rows that are given for each, which is how a build reads the
 * committed folders that its ledger names instead of what the metastore shows at the moment. Names mean what they mean
 * over the tables of a catalog: {@code trusted.orders.id}, {@code orders.id} and {@code id} are one column.
 */
public final class InputQuery {
    /** By the two parts of the table's name. */
    private final Map<List<String>, LogicalPlan> inputs = new HashMap<>();

    public InputQuery(Map<TableName, Dataset<Row>> inputs) {
        inputs.forEach((name, rows) -> this.inputs.put(
                List.of(name.layer().toString(), name.name()),
                rows.queryExecution().analyzed()));
    }

    /**
     * What the query gives, analysed in this session. Throws Spark's {@code AnalysisException}, which Scala does not
     * declare, where the query does not fit the inputs.
     *
     * @throws LakeException DEFINITION if it is no SQL
     */
    public Dataset<Row> run(SparkSession session, String sql) {
        // Literals are read in the time zone of the session that is active.
        return session.withActive(() -> Dataset.ofRows(session, bound(parsed(sql))));
    }

    /** By the parser that compiles, so that SQL means here what it meant there; a session's puts variables in, too. */
    private static LogicalPlan parsed(String sql) {
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

    /** Scala declares no exceptions: this makes the compiler see the one that is thrown. */
    private static LogicalPlan parse(String sql) throws ParseException {
        return new CatalystSqlParser().parsePlan(sql);
    }

    private LogicalPlan bound(LogicalPlan plan) {
        return plan.transformUpWithSubqueries(new Binding());
    }

    private static List<String> parts(UnresolvedRelation relation) {
        return JavaConverters.seqAsJavaList(relation.multipartIdentifier()).stream()
                .map(part -> part.toLowerCase(Locale.ROOT))
                .toList();
    }

    private static <T> Seq<T> seq(List<T> list) {
        return JavaConverters.asScalaBuffer(list).toSeq();
    }

    /** Puts inputs in the places where a query names them, under that name, as Spark does with a catalog's tables. */
    private final class Binding extends AbstractPartialFunction<LogicalPlan, LogicalPlan> {
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

        /** Common table expressions are no children of the query that they stand before. */
        private LogicalPlan with(UnresolvedWith with) {
            List<Tuple2<String, SubqueryAlias>> bound = new ArrayList<>();
            for (Tuple2<String, SubqueryAlias> common : JavaConverters.seqAsJavaList(with.cteRelations())) {
                bound.add(new Tuple2<>(common._1(), (SubqueryAlias) bound(common._2())));
            }
            return with.copy(with.child(), seq(bound));
        }
    }
}
