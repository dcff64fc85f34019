package dev.igarape.jobs.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedHint;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import scala.Tuple2;
import scala.collection.JavaConverters;

/**
 * In which tables a parsed, unresolved query is linear: what it gives for some rows of such a table and for the rest of them is,
 * together, what it gives for all. What it does not understand is linear in none.
 *
 * @param tables in which it is linear, unless it mentions one of them twice
 * @param mentions all tables that it reads, once for each time or more often
 */
record Linearity(Set<String> tables, List<String> mentions) {
    /** Names of the tables, in two parts and in lower case. */
    static List<String> of(LogicalPlan plan) {
        Linearity whole = of(plan, Map.of());
        return whole.tables.stream()
                .filter(table -> Collections.frequency(whole.mentions, table) == 1)
                .toList();
    }

    /** @param common the common table expressions in scope */
    private static Linearity of(LogicalPlan plan, Map<String, Linearity> common) {
        if (plan instanceof UnresolvedRelation relation) {
            List<String> parts = JavaConverters.seqAsJavaList(relation.multipartIdentifier());
            String name = parts.stream().map(Linearity::lower).collect(Collectors.joining("."));
            boolean isCommon = parts.size() == 1 && common.containsKey(name);
            return isCommon ? common.get(name) : new Linearity(Set.of(name), List.of(name));
        }
        if (plan instanceof UnresolvedWith with) {
            Map<String, Linearity> inScope = new HashMap<>(common);
            for (Tuple2<String, SubqueryAlias> one : JavaConverters.seqAsJavaList(with.cteRelations())) {
                inScope.put(lower(one._1()), of(one._2(), inScope));
            }
            return of(with.child(), inScope);
        }
        List<Linearity> children = JavaConverters.seqAsJavaList(plan.children()).stream()
                .map(child -> of(child, common))
                .toList();
        List<String> mentions = new ArrayList<>();
        children.forEach(child -> mentions.addAll(child.mentions));
        List<Expression> expressions = expressions(plan);
        for (Expression expression : expressions) {
            if (expression instanceof SubqueryExpression subquery) {
                mentions.addAll(of(subquery.plan(), common).mentions);
            }
        }
        // Then they see other rows than the one that they work on.
        if (expressions.stream().anyMatch(Linearity::seesOthers)) {
            return new Linearity(Set.of(), mentions);
        }
        if (plan instanceof Join join) {
            return new Linearity(of(join, children.get(0).tables, children.get(1).tables), mentions);
        }
        boolean rowByRow = plan instanceof Project
                || plan instanceof Filter
                || plan instanceof Generate
                || plan instanceof SubqueryAlias
                || plan instanceof UnresolvedHint;
        return new Linearity(rowByRow && !children.isEmpty() ? children.get(0).tables : Set.of(), mentions);
    }

    private static Set<String> of(Join join, Set<String> left, Set<String> right) {
        String type = join.joinType().sql();
        Set<String> both = new LinkedHashSet<>();
        if (type.contains("FULL")) {
            return both;
        }
        // A row of the other side may take away the one without a partner, or bring it back.
        if (!type.contains("RIGHT")) {
            both.addAll(left);
        }
        if (!type.contains("LEFT")) {
            both.addAll(right);
        }
        return both;
    }

    /** The expressions of a node, without those of its children, and what is in them, such as subqueries. */
    private static List<Expression> expressions(LogicalPlan plan) {
        PlanWalk walk = new PlanWalk();
        JavaConverters.seqAsJavaList(plan.expressions()).forEach(walk::visit);
        return walk.expressions();
    }

    private static boolean seesOthers(Expression expression) {
        return expression instanceof SubqueryExpression || SparkSqlParser.isOfSeveralRows(expression);
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
