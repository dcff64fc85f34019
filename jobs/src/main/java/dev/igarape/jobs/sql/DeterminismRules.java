package dev.igarape.jobs.sql;

import dev.igarape.model.sql.SqlParser.NonDeterminism;
import dev.igarape.model.sql.SqlParser.NonDeterministicUse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.UnresolvedWindowExpression;
import org.apache.spark.sql.catalyst.expressions.WindowExpression;
import org.apache.spark.sql.catalyst.expressions.WindowSpecDefinition;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sample;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import org.apache.spark.sql.catalyst.plans.logical.WithWindowDefinition;
import org.apache.spark.sql.catalyst.trees.Origin;
import org.apache.spark.sql.catalyst.trees.TreeNode;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.Option;
import scala.Tuple2;
import scala.collection.JavaConverters;

/**
 * Rules on a parsed, unresolved query that find what may give another result over the same rows. On the tree, since only
 * there a call is a call, whatever strings, comments, aliases and quoted names look like one.
 */
final class DeterminismRules {
    private static final Map<String, NonDeterminism> FUNCTIONS = new HashMap<>();

    static {
        functions(
                NonDeterminism.CLOCK,
                "current_date",
                "curdate",
                "current_timestamp",
                "now",
                "localtimestamp",
                "current_time");
        functions(NonDeterminism.RANDOM, "rand", "random", "randn", "randstr", "uniform", "uuid", "shuffle");
        functions(
                NonDeterminism.LAYOUT,
                "monotonically_increasing_id",
                "spark_partition_id",
                "input_file_name",
                "input_file_block_start",
                "input_file_block_length");
        functions(
                NonDeterminism.SESSION,
                "current_user",
                "session_user",
                "current_catalog",
                "current_database",
                "current_schema");
        functions(NonDeterminism.JAVA, "java_method", "reflect", "try_reflect");
        functions(NonDeterminism.ANY_ROW, "first", "last", "first_value", "last_value", "any_value");
        functions(NonDeterminism.UNSORTED_COLLECTION, "collect_list", "collect_set", "array_agg");
    }

    /** Written without parentheses these parse as columns; Spark calls the function where there is no such column. */
    private static final Set<String> BARE_FUNCTIONS = Set.of(
            "current_date", "current_timestamp", "localtimestamp", "current_time", "current_user", "session_user");

    /** What may stand around a collection, as the order of its values does not matter to it. */
    private static final Set<String> ORDERING = Set.of("sort_array", "array_sort", "size", "array_size", "cardinality");

    private static final Set<DataType> DATES =
            Set.of(DataTypes.DateType, DataTypes.TimestampType, DataTypes.TimestampNTZType);
    private static final String CLOCK_WORD = "\\s*(now|today|yesterday|tomorrow)\\b";
    private static final Pattern CLOCK_TEXT = Pattern.compile("(?i)" + CLOCK_WORD + ".*");
    private static final Pattern CLOCK_LITERAL = Pattern.compile("(?is).*['\"]" + CLOCK_WORD + "[^'\"]*['\"]");

    private final List<NonDeterministicUse> uses = new ArrayList<>();
    private Map<String, WindowSpecDefinition> windows = Map.of();

    private DeterminismRules() {}

    /** The uses in a query, with its subqueries and common table expressions. */
    static List<NonDeterministicUse> check(LogicalPlan plan) {
        DeterminismRules rules = new DeterminismRules();
        rules.visit(plan);
        return rules.uses;
    }

    /** The uses in an expression, with its subqueries. */
    static List<NonDeterministicUse> check(Expression expression) {
        DeterminismRules rules = new DeterminismRules();
        rules.visit(expression, Place.TOP);
        return rules.uses;
    }

    /**
     * Where an expression stands.
     *
     * @param function the function of which it is an argument, or empty
     * @param ordered whether it is a window function, over a window with an order
     */
    private record Place(String function, boolean ordered) {
        static final Place TOP = new Place("", false);
    }

    private void visit(LogicalPlan plan) {
        Map<String, WindowSpecDefinition> outside = windows;
        if (plan instanceof WithWindowDefinition with) {
            windows = JavaConverters.mapAsJavaMap(with.windowDefinitions());
            windows.values().forEach(window -> visit(window, Place.TOP));
        } else if (plan instanceof UnresolvedWith with) {
            for (Tuple2<String, SubqueryAlias> common : JavaConverters.seqAsJavaList(with.cteRelations())) {
                visit(common._2());
            }
        } else if (plan instanceof Sample) {
            add(NonDeterminism.SAMPLE, "tablesample", plan);
        } else if (plan instanceof GlobalLimit limit) {
            limit(limit);
        }
        JavaConverters.seqAsJavaList(plan.expressions()).forEach(expression -> visit(expression, Place.TOP));
        JavaConverters.seqAsJavaList(plan.children()).forEach(this::visit);
        windows = outside;
    }

    private void limit(GlobalLimit limit) {
        if (source(limit).toLowerCase(Locale.ROOT).startsWith("tablesample")) {
            add(NonDeterminism.SAMPLE, "tablesample", limit);
        } else if (!isSorted(limit)) {
            add(NonDeterminism.UNSORTED_LIMIT, "limit", limit);
        }
    }

    /** Whether the rows come from a sort, by way of nothing that would lose their order. */
    private static boolean isSorted(LogicalPlan plan) {
        if (plan instanceof Sort sort) {
            return sort.global();
        }
        boolean keepsOrder = plan instanceof GlobalLimit
                || plan instanceof LocalLimit
                || plan instanceof Offset
                || plan instanceof Project
                || plan instanceof Filter
                || plan instanceof SubqueryAlias
                || plan instanceof WithWindowDefinition;
        return keepsOrder && isSorted(plan.children().head());
    }

    private void visit(Expression expression, Place place) {
        if (expression instanceof WindowExpression window) {
            visit(window.windowFunction(), new Place(place.function(), isOrdered(Optional.of(window.windowSpec()))));
            visit(window.windowSpec(), Place.TOP);
            return;
        }
        if (expression instanceof UnresolvedWindowExpression window) {
            Optional<WindowSpecDefinition> named =
                    Optional.ofNullable(windows.get(window.windowSpec().name()));
            visit(window.child(), new Place(place.function(), isOrdered(named)));
            return;
        }
        if (expression instanceof AggregateExpression aggregate) {
            visit(aggregate.aggregateFunction(), place);
            JavaConverters.asJavaCollection(aggregate.filter().toList()).forEach(filter -> visit(filter, Place.TOP));
            return;
        }
        if (expression instanceof SubqueryExpression subquery) {
            visit(subquery.plan());
        }
        String name = called(expression);
        call(name, expression, place);
        clockWord(expression).ifPresent(word -> add(NonDeterminism.CLOCK_LITERAL, word, expression));
        JavaConverters.seqAsJavaList(expression.children()).forEach(child -> visit(child, new Place(name, false)));
    }

    private static boolean isOrdered(Optional<WindowSpecDefinition> window) {
        return window.filter(spec -> !spec.orderSpec().isEmpty()).isPresent();
    }

    private void call(String name, Expression expression, Place place) {
        if (name.equals("unix_timestamp") && expression.children().isEmpty()) {
            add(NonDeterminism.CLOCK, "unix_timestamp()", expression);
        }
        NonDeterminism kind = FUNCTIONS.get(name);
        boolean allowed = kind == NonDeterminism.ANY_ROW && place.ordered()
                || kind == NonDeterminism.UNSORTED_COLLECTION && ORDERING.contains(place.function());
        if (kind != null && !allowed) {
            add(kind, name, expression);
        }
    }

    /** The function that an expression calls, in lower case and without a catalog; empty where it calls none. */
    private static String called(Expression expression) {
        if (expression instanceof UnresolvedFunction function) {
            return ((String) function.nameParts().last()).toLowerCase(Locale.ROOT);
        }
        if (expression instanceof UnresolvedAttribute attribute) {
            String name = attribute.name().toLowerCase(Locale.ROOT);
            return attribute.nameParts().size() == 1 && BARE_FUNCTIONS.contains(name) ? name : "";
        }
        // What the grammar has a rule of its own for is an expression of Spark's already, such as first(a).
        return expression.prettyName();
    }

    /** The word for a moment in a date or timestamp, which Spark replaces while it parses or optimizes. */
    private static Optional<String> clockWord(Expression expression) {
        if (!(expression instanceof Literal || expression instanceof Cast) || !DATES.contains(expression.dataType())) {
            return Optional.empty();
        }
        if (expression instanceof Cast cast) {
            return cast.child() instanceof Literal text ? word(CLOCK_TEXT, text.toString()) : Optional.empty();
        }
        return word(CLOCK_LITERAL, source(expression));
    }

    private static Optional<String> word(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private void add(NonDeterminism kind, String name, TreeNode<?> node) {
        uses.add(new NonDeterministicUse(
                kind,
                name,
                number(node.origin().line()).orElse(1),
                number(node.origin().startPosition()).orElse(0) + 1));
    }

    /** The SQL that a node was parsed from. */
    private static String source(TreeNode<?> node) {
        Origin origin = node.origin();
        Optional<Integer> start = number(origin.startIndex());
        Optional<Integer> stop = number(origin.stopIndex());
        if (origin.sqlText().isEmpty() || start.isEmpty() || stop.isEmpty()) {
            return "";
        }
        String text = origin.sqlText().get();
        // The grammar counts code points.
        return text.substring(text.offsetByCodePoints(0, start.get()), text.offsetByCodePoints(0, stop.get() + 1));
    }

    private static Optional<Integer> number(Option<Object> value) {
        return value.isDefined() ? Optional.of((Integer) value.get()) : Optional.empty();
    }

    private static void functions(NonDeterminism kind, String... names) {
        for (String name : names) {
            FUNCTIONS.put(name, kind);
        }
    }
}
