package dev.igarape.jobs.sql;

import dev.igarape.jobs.sql.TimeColumns.Held;
import dev.igarape.jobs.sql.TimeColumns.TimeColumn;
import dev.igarape.model.sql.TimeShape;
import dev.igarape.model.sql.TimeShape.Form;
import dev.igarape.model.sql.TimeShape.Mixing;
import dev.igarape.model.sql.TimeShape.RowGroup;
import dev.igarape.model.sql.TimeShape.TimeValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAlias;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedExtractValue;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.analysis.UnresolvedStar;
import org.apache.spark.sql.catalyst.analysis.UnresolvedSubqueryColumnAliases;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.UnresolvedWindowExpression;
import org.apache.spark.sql.catalyst.expressions.WindowExpression;
import org.apache.spark.sql.catalyst.expressions.WindowSpecDefinition;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateFunction;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Distinct;
import org.apache.spark.sql.catalyst.plans.logical.Except;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.Intersect;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LateralJoin;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.Pivot;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import org.apache.spark.sql.catalyst.plans.logical.WithWindowDefinition;
import org.apache.spark.sql.catalyst.trees.TreeNode;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * The way of event times through a parsed, unresolved query. Names are followed by what is known of them, which are the
 * times of the tables that are read; what goes another way is not seen to be a time.
 */
final class TimeLineage {
    private final Map<List<String>, TimeColumns> tables = new HashMap<>();
    /** Names of the tables whose rows have a time. */
    private final Set<String> named;

    private final List<RowGroup> groups = new ArrayList<>();
    private Map<String, TimeColumns> common = Map.of();
    /** Those of the common table expressions in scope that read rows with a time. */
    private Set<String> timed = Set.of();

    private Map<String, WindowSpecDefinition> windows = Map.of();

    private TimeLineage(Map<String, List<String>> times) {
        named = Set.copyOf(times.keySet());
        times.forEach((table, path) -> {
            List<String> name = List.of(table.split("\\."));
            List<String> lower =
                    path.stream().map(part -> part.toLowerCase(Locale.ROOT)).toList();
            tables.put(
                    name,
                    new TimeColumns(List.of(new TimeColumn(
                            name,
                            lower.get(0),
                            lower.subList(1, lower.size()),
                            new TimeValue(Form.SAME, Optional.empty(), 1, 1)))));
        });
    }

    /** The shape of a query, whose result has this column of event times. */
    static TimeShape of(LogicalPlan plan, String time, Map<String, List<String>> times) {
        TimeLineage lineage = new TimeLineage(times);
        TimeColumns columns = lineage.visit(plan, List.of());
        return new TimeShape(columns.find(List.of(time)).flatMap(Held::time), lineage.groups);
    }

    /** @param conditions what rows of an inner join below have to meet */
    private TimeColumns visit(LogicalPlan plan, List<Expression> conditions) {
        if (!reads(plan)) {
            // Its rows are the same for every interval.
            return TimeColumns.NONE;
        }
        if (plan instanceof UnresolvedRelation relation) {
            return relation(list(relation.multipartIdentifier()));
        }
        if (plan instanceof UnresolvedWith with) {
            return with(with);
        }
        if (plan instanceof WithWindowDefinition with) {
            Map<String, WindowSpecDefinition> outside = windows;
            windows = JavaConverters.mapAsJavaMap(with.windowDefinitions());
            TimeColumns columns = visit(with.child(), List.of());
            windows = outside;
            return columns;
        }
        if (plan instanceof SubqueryAlias alias) {
            return visit(alias.child(), List.of()).aliased(alias.alias());
        }
        if (plan instanceof Filter filter) {
            List<Expression> both = new ArrayList<>(conditions);
            both.addAll(conjuncts(filter.condition()));
            TimeColumns columns = visit(filter.child(), both);
            expression(filter.condition(), columns);
            return columns;
        }
        if (plan instanceof Join join) {
            return join(join, conditions);
        }
        if (plan instanceof Project project) {
            return project(project);
        }
        if (plan instanceof Aggregate aggregate) {
            return aggregate(aggregate);
        }
        return other(plan);
    }

    private TimeColumns other(LogicalPlan plan) {
        List<LogicalPlan> children = list(plan.children());
        if (children.isEmpty()) {
            return TimeColumns.NONE;
        }
        TimeColumns columns = visit(children.get(0), List.of());
        for (LogicalPlan child : children.subList(1, children.size())) {
            TimeColumns next = visit(child, List.of());
            columns = columns.inBoth(next);
        }
        if (plan instanceof Distinct) {
            add(Mixing.DISTINCT, columns.times(), plan);
        } else if (plan instanceof Except || plan instanceof Intersect) {
            add(Mixing.SET_OPERATION, columns.times(), plan);
        } else if (plan instanceof GlobalLimit || plan instanceof Offset) {
            add(Mixing.LIMIT, List.of(), plan);
        } else if (plan instanceof Pivot) {
            add(Mixing.GROUP_BY, List.of(), plan);
        } else if (plan instanceof LateralJoin) {
            add(Mixing.SUBQUERY, List.of(), plan);
        }
        for (Expression expression : list(plan.expressions())) {
            expression(expression, columns);
        }
        return plan instanceof Pivot || plan instanceof UnresolvedSubqueryColumnAliases ? TimeColumns.NONE : columns;
    }

    private TimeColumns relation(List<String> parts) {
        List<String> name =
                parts.stream().map(part -> part.toLowerCase(Locale.ROOT)).toList();
        TimeColumns named = name.size() == 1 ? common.get(name.get(0)) : tables.get(name);
        return named == null ? TimeColumns.NONE : named;
    }

    private TimeColumns with(UnresolvedWith with) {
        Map<String, TimeColumns> outside = common;
        Set<String> timedOutside = timed;
        common = new HashMap<>(common);
        timed = new HashSet<>(timed);
        for (Tuple2<String, SubqueryAlias> each : list(with.cteRelations())) {
            String name = each._1().toLowerCase(Locale.ROOT);
            TimeColumns columns = visit(each._2(), List.of());
            common.put(name, columns);
            if (reads(each._2())) {
                timed.add(name);
            } else {
                timed.remove(name);
            }
        }
        TimeColumns columns = visit(with.child(), List.of());
        common = outside;
        timed = timedOutside;
        return columns;
    }

    private TimeColumns project(Project project) {
        TimeColumns child = visit(project.child(), List.of());
        List<NamedExpression> list = list(project.projectList());
        for (NamedExpression named : list) {
            Expression expression = (Expression) named;
            expression(expression, child);
        }
        list.stream()
                .flatMap(named -> aggregate((Expression) named).stream())
                .findFirst()
                .ifPresent(call -> add(Mixing.GLOBAL_AGGREGATE, List.of(), call));
        return selected(list, child);
    }

    /** The times among the columns of a SELECT. */
    private static TimeColumns selected(List<NamedExpression> list, TimeColumns child) {
        TimeColumns selected = TimeColumns.NONE;
        for (NamedExpression named : list) {
            if (named instanceof UnresolvedStar star) {
                selected = selected.and(child.star(
                        star.target().isDefined() ? list(star.target().get()) : List.of()));
                continue;
            }
            // A column may be named by an alias to the left of it.
            Optional<Held> held = TimeExpressions.held((Expression) named, child.and(selected));
            Optional<String> name = name((Expression) named);
            if (held.isPresent() && name.isPresent()) {
                selected = selected.and(new TimeColumns(List.of(new TimeColumn(
                        List.of(),
                        name.get().toLowerCase(Locale.ROOT),
                        held.get().fields(),
                        held.get().value()))));
            }
        }
        return selected;
    }

    /** The name that Spark gives to a column of a SELECT. */
    private static Optional<String> name(Expression expression) {
        if (expression instanceof Alias alias) {
            return Optional.of(alias.name());
        }
        if (expression instanceof UnresolvedAlias alias) {
            return name(alias.child());
        }
        if (expression instanceof UnresolvedAttribute attribute) {
            return Optional.of(attribute.nameParts().last().toString());
        }
        if (expression instanceof UnresolvedExtractValue field && field.extraction() instanceof Literal literal) {
            return Optional.of(String.valueOf(literal.value()));
        }
        return expression instanceof UnresolvedFunction function
                ? Optional.of(TimeExpressions.name(function)).filter("window"::equals)
                : Optional.empty();
    }

    private TimeColumns aggregate(Aggregate aggregate) {
        TimeColumns child = visit(aggregate.child(), List.of());
        List<NamedExpression> selected = list(aggregate.aggregateExpressions());
        List<Expression> grouping = list(aggregate.groupingExpressions());
        TimeColumns aliases = selected(selected, child);
        List<TimeValue> keys = new ArrayList<>();
        for (Expression expression : grouping) {
            expression(expression, child);
            keys.addAll(keys(expression, selected, child, aliases));
        }
        Expression place = grouping.isEmpty() ? (Expression) selected.get(0) : grouping.get(0);
        add(grouping.isEmpty() ? Mixing.GLOBAL_AGGREGATE : Mixing.GROUP_BY, keys, place);
        // The window among the keys is a column, too.
        TimeColumns withWindow = child;
        for (TimeValue key : keys) {
            if (key.form() == Form.WINDOW) {
                withWindow =
                        withWindow.and(new TimeColumns(List.of(new TimeColumn(List.of(), "window", List.of(), key))));
            }
        }
        selected.forEach(named -> expression((Expression) named, child));
        TimeColumns result = selected(selected, withWindow);
        return result.and(extremes(selected, child, keys));
    }

    private static List<TimeValue> keys(
            Expression expression, List<NamedExpression> selected, TimeColumns child, TimeColumns aliases) {
        if (expression instanceof Literal literal && literal.value() instanceof Integer ordinal) {
            return ordinal >= 1 && ordinal <= selected.size()
                    ? TimeExpressions.time((Expression) selected.get(ordinal - 1), child).stream()
                            .toList()
                    : List.of();
        }
        if (expression instanceof UnresolvedAttribute all && all.name().equalsIgnoreCase("all")) {
            return aliases.times();
        }
        return TimeExpressions.time(expression, child).or(() -> TimeExpressions.time(expression, aliases)).stream()
                .toList();
    }

    /** The first or last time of the rows of a group lies in the group's window. */
    private static TimeColumns extremes(List<NamedExpression> selected, TimeColumns child, List<TimeValue> keys) {
        Optional<TimeValue> key = keys.stream()
                .filter(value ->
                        value.window().isEmpty() || value.window().get().isTumbling())
                .findFirst();
        List<TimeColumn> columns = new ArrayList<>();
        for (NamedExpression named : selected) {
            if (named instanceof Alias alias
                    && alias.child() instanceof UnresolvedFunction function
                    && List.of("min", "max").contains(TimeExpressions.name(function))
                    && key.isPresent()
                    && TimeExpressions.time(function.arguments().head(), child)
                            .filter(value -> value.form() == Form.SAME)
                            .isPresent()) {
                Form form = key.get().form() == Form.SAME ? Form.SAME : Form.WITHIN;
                TimeValue value = new TimeValue(
                        form, key.get().window(), TimeExpressions.line(alias), TimeExpressions.column(alias));
                columns.add(new TimeColumn(List.of(), alias.name().toLowerCase(Locale.ROOT), List.of(), value));
            }
        }
        return new TimeColumns(columns);
    }

    private TimeColumns join(Join join, List<Expression> conditions) {
        List<Expression> all = new ArrayList<>(conditions);
        if (join.condition().isDefined()) {
            all.addAll(conjuncts(join.condition().get()));
        }
        TimeColumns left = visit(join.left(), all);
        TimeColumns right = visit(join.right(), List.of());
        TimeColumns both = left.and(right);
        boolean ofLeft = reads(join.left());
        boolean ofRight = reads(join.right());
        if (ofLeft && ofRight || JoinKeys.keepsUnmatched(join, !ofLeft, !ofRight)) {
            add(Mixing.JOIN, JoinKeys.of(join, left, right, all), join);
        }
        if (join.condition().isDefined()) {
            expression(join.condition().get(), both);
        }
        return both;
    }

    /** Whether it reads rows that have a time. */
    private boolean reads(LogicalPlan plan) {
        PlanWalk walk = new PlanWalk();
        walk.visit(plan);
        return walk.relations().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(name -> named.contains(name) || timed.contains(name));
    }

    private static List<Expression> conjuncts(Expression condition) {
        return condition instanceof And and
                ? Stream.of(and.left(), and.right())
                        .flatMap(side -> conjuncts(side).stream())
                        .toList()
                : List.of(condition);
    }

    /** Finds window functions, subqueries and session windows in an expression. */
    private void expression(Expression expression, TimeColumns columns) {
        if (expression instanceof WindowExpression window) {
            partition(window.windowSpec(), columns, window);
        } else if (expression instanceof UnresolvedWindowExpression window) {
            WindowSpecDefinition named = windows.get(window.windowSpec().name());
            if (named != null) {
                partition(named, columns, window);
            }
        } else if (expression instanceof SubqueryExpression subquery) {
            if (reads(subquery.plan())) {
                add(Mixing.SUBQUERY, List.of(), subquery);
            }
        } else if (expression instanceof UnresolvedFunction function
                && TimeExpressions.name(function).equals("session_window")) {
            add(Mixing.SESSION_WINDOW, List.of(), function);
        }
        list(expression.children()).forEach(child -> expression(child, columns));
    }

    private void partition(WindowSpecDefinition spec, TimeColumns columns, Expression place) {
        List<TimeValue> keys = list(spec.partitionSpec()).stream()
                .flatMap(key -> TimeExpressions.time(key, columns).stream())
                .toList();
        add(Mixing.WINDOW_FUNCTION, keys, place);
    }

    /** The first aggregate function in an expression that is not one over a window. */
    private static Optional<Expression> aggregate(Expression expression) {
        if (expression instanceof AggregateFunction
                || expression instanceof UnresolvedFunction function && SparkSqlParser.isAggregate(function)) {
            return Optional.of(expression);
        }
        if (expression instanceof WindowExpression
                || expression instanceof UnresolvedWindowExpression
                || expression instanceof SubqueryExpression) {
            return Optional.empty();
        }
        return list(expression.children()).stream()
                .flatMap(child -> aggregate(child).stream())
                .findFirst();
    }

    private void add(Mixing mixing, List<TimeValue> keys, TreeNode<?> place) {
        groups.add(new RowGroup(mixing, keys, TimeExpressions.line(place), TimeExpressions.column(place)));
    }

    private static <T> List<T> list(Seq<T> seq) {
        return JavaConverters.seqAsJavaList(seq);
    }
}
