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

/**
 * Collects all nodes, expressions and table names of a parsed, unresolved query, including common table expressions and
 * subqueries.
 */
final class PlanWalk {
    private final List<LogicalPlan> nodes = new ArrayList<>();
    private final List<Expression> expressions = new ArrayList<>();
    private final List<String> relations = new ArrayList<>();
    /** Names of the common table expressions in scope. */
    private Set<String> scope = Set.of();

    List<LogicalPlan> nodes() {
        return nodes;
    }

    List<Expression> expressions() {
        return expressions;
    }

    /** Tables that the query names, one entry per mention, without its own common table expressions. */
    List<String> relations() {
        return relations;
    }

    void visit(LogicalPlan plan) {
        nodes.add(plan);
        Set<String> outerScope = scope;
        if (plan instanceof UnresolvedRelation relation) {
            List<String> parts = JavaConverters.seqAsJavaList(relation.multipartIdentifier());
            if (parts.size() > 1 || !scope.contains(parts.get(0).toLowerCase(Locale.ROOT))) {
                relations.add(parts.stream().map(PlanWalk::quoted).collect(Collectors.joining(".")));
            }
        }
        if (plan instanceof UnresolvedWith with) {
            scope = new HashSet<>(scope);
            for (Tuple2<String, SubqueryAlias> common : JavaConverters.seqAsJavaList(with.cteRelations())) {
                visit(common._2());
                scope.add(common._1().toLowerCase(Locale.ROOT));
            }
        }
        for (Expression expression : JavaConverters.seqAsJavaList(plan.expressions())) {
            visit(expression);
        }
        for (LogicalPlan child : JavaConverters.seqAsJavaList(plan.children())) {
            visit(child);
        }
        scope = outerScope;
    }

    /** Quotes a name with a dot, so that {@code `raw.orders`} differs from the table {@code raw.orders}. */
    private static String quoted(String part) {
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
