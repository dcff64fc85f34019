package dev.igarape.jobs.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
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
    private final List<LogicalPlan> nodes = new ArrayList<>();
    private final List<Expression> expressions = new ArrayList<>();
    private final List<String> relations = new ArrayList<>();
    /** The common table expressions that can be seen from where the walk is. */
    private Set<String> named = Set.of();

    List<LogicalPlan> nodes() {
        return nodes;
    }

    List<Expression> expressions() {
        return expressions;
    }

    /** The tables that the query names, as often as it does so; its own common table expressions are none. */
    List<String> relations() {
        return relations;
    }

    void visit(LogicalPlan plan) {
        nodes.add(plan);
        Set<String> outside = named;
        if (plan instanceof UnresolvedRelation relation) {
            List<String> parts = JavaConverters.seqAsJavaList(relation.multipartIdentifier());
            if (parts.size() > 1 || !named.contains(parts.get(0).toLowerCase(Locale.ROOT))) {
                relations.add(parts.stream().map(PlanWalk::written).collect(Collectors.joining(".")));
            }
        }
        if (plan instanceof UnresolvedWith with) {
            named = new HashSet<>(named);
            for (Tuple2<String, SubqueryAlias> common : JavaConverters.seqAsJavaList(with.cteRelations())) {
                visit(common._2());
                named.add(common._1().toLowerCase(Locale.ROOT));
            }
        }
        for (Expression expression : JavaConverters.seqAsJavaList(plan.expressions())) {
            visit(expression);
        }
        for (LogicalPlan child : JavaConverters.seqAsJavaList(plan.children())) {
            visit(child);
        }
        named = outside;
    }

    /** So that {@code `raw.orders`}, one name, does not read like the table {@code raw.orders}. */
    private static String written(String part) {
        return part.contains(".") ? "`" + part + "`" : part;
    }

    void visit(Expression expression) {
        expressions.add(expression);
        if (expression instanceof SubqueryExpression subquery) {
            visit(subquery.plan());
        }
        for (Expression child : JavaConverters.seqAsJavaList(expression.children())) {
            visit(child);
        }
    }
}
