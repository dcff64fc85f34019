package dev.igarape.jobs.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import scala.Tuple2;
import scala.collection.JavaConverters;

/** Visits every node and expression of a parsed, unresolved query, common table expressions and subqueries included. */
final class PlanWalk {
    /**
     * A table that the query names.
     *
     * @param start index in the SQL text at which the name begins
     * @param aliased whether the query gives it another name
     */
    record Relation(String name, int start, boolean aliased) {}

    private final List<LogicalPlan> nodes = new ArrayList<>();
    private final List<Expression> expressions = new ArrayList<>();
    private final List<Relation> relations = new ArrayList<>();
    private final Set<String> commonTables = new HashSet<>();

    List<LogicalPlan> nodes() {
        return nodes;
    }

    List<Expression> expressions() {
        return expressions;
    }

    /** Relations other than the query's own common table expressions. */
    List<Relation> relations() {
        return relations.stream()
                .filter(r -> !commonTables.contains(r.name().toLowerCase(Locale.ROOT)))
                .toList();
    }

    void visit(LogicalPlan plan, boolean aliased) {
        nodes.add(plan);
        if (plan instanceof UnresolvedRelation relation) {
            String name = String.join(".", JavaConverters.seqAsJavaList(relation.multipartIdentifier()));
            int start = relation.origin().startIndex().isDefined()
                    ? (Integer) relation.origin().startIndex().get()
                    : -1;
            relations.add(new Relation(name, start, aliased));
        }
        if (plan instanceof UnresolvedWith with) {
            for (Tuple2<String, SubqueryAlias> common : JavaConverters.seqAsJavaList(with.cteRelations())) {
                commonTables.add(common._1().toLowerCase(Locale.ROOT));
                visit(common._2(), false);
            }
        }
        for (Expression expression : JavaConverters.seqAsJavaList(plan.expressions())) {
            visit(expression);
        }
        for (LogicalPlan child : JavaConverters.seqAsJavaList(plan.children())) {
            visit(child, plan instanceof SubqueryAlias);
        }
    }

    void visit(Expression expression) {
        expressions.add(expression);
        if (expression instanceof SubqueryExpression subquery) {
            visit(subquery.plan(), false);
        }
        for (Expression child : JavaConverters.seqAsJavaList(expression.children())) {
            visit(child);
        }
    }
}
