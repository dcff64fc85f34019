package dev.igarape.jobs.sql;

import dev.igarape.model.sql.SqlParser;
import dev.igarape.model.sql.TimeShape;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.UnresolvedWindowExpression;
import org.apache.spark.sql.catalyst.expressions.WindowExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateFunction;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.Union;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import scala.Option;
import scala.collection.JavaConverters;

/** {@link SqlParser} based on Spark's grammar; needs no session. */
public final class SparkSqlParser implements SqlParser {
    @Override
    public ParsedSql parse(String sql) {
        LogicalPlan plan = parsed(() -> new CatalystSqlParser().parsePlan(sql));
        PlanWalk walk = new PlanWalk();
        walk.visit(plan);
        return describe(walk, DeterminismRules.check(plan), Linearity.of(plan));
    }

    @Override
    public TimeShape timeShape(String sql, String time, Map<String, List<String>> times) {
        return TimeLineage.of(parsed(() -> new CatalystSqlParser().parsePlan(sql)), time, times);
    }

    @Override
    public ParsedSql parseExpression(String expression) {
        Expression parsed = parsed(() -> new CatalystSqlParser().parseExpression(expression));
        PlanWalk walk = new PlanWalk();
        walk.visit(parsed);
        return describe(walk, DeterminismRules.check(parsed), List.of());
    }

    /** A parse method with the exception that Scala does not declare. */
    private interface Parse<T> {
        T run() throws ParseException;
    }

    private static <T> T parsed(Parse<T> parse) {
        try {
            return parse.run();
        } catch (ParseException e) {
            throw syntax(e);
        }
    }

    private static ParsedSql describe(PlanWalk walk, List<NonDeterministicUse> nonDeterministic, List<String> linear) {
        Set<String> tables = new LinkedHashSet<>(walk.relations());
        boolean rowByRow = true;
        for (LogicalPlan node : walk.nodes()) {
            rowByRow &= node instanceof Project
                    || node instanceof Filter
                    || node instanceof Generate
                    || node instanceof SubqueryAlias
                    || node instanceof UnresolvedRelation
                    || node instanceof UnresolvedWith;
        }
        boolean oneToOne = walk.nodes().stream().noneMatch(Generate.class::isInstance);
        for (Expression expression : walk.expressions()) {
            rowByRow &= !isOfSeveralRows(expression);
            oneToOne &= !(expression instanceof UnresolvedFunction function && isGenerator(function));
        }
        boolean mixesRows = !rowByRow || walk.relations().size() > 1;
        return new ParsedSql(new ArrayList<>(tables), nonDeterministic, !mixesRows && oneToOne, mixesRows, linear);
    }

    /** Whether an expression, without those in it, is an aggregate or looks at a window. */
    static boolean isOfSeveralRows(Expression expression) {
        return expression instanceof UnresolvedFunction function && isAggregate(function)
                || expression instanceof AggregateFunction
                || expression instanceof WindowExpression
                || expression instanceof UnresolvedWindowExpression;
    }

    /** Whether a query has a UNION. */
    public boolean hasUnion(String sql) {
        PlanWalk walk = new PlanWalk();
        walk.visit(parsed(() -> new CatalystSqlParser().parsePlan(sql)));
        return walk.nodes().stream().anyMatch(Union.class::isInstance);
    }

    static boolean isAggregate(UnresolvedFunction function) {
        return "agg_funcs".equals(group(function));
    }

    private static boolean isGenerator(UnresolvedFunction function) {
        return "generator_funcs".equals(group(function));
    }

    private static String group(UnresolvedFunction function) {
        String name = String.join(".", JavaConverters.seqAsJavaList(function.nameParts()))
                .toLowerCase(Locale.ROOT);
        Option<ExpressionInfo> info = FunctionRegistry.builtin().lookupFunction(new FunctionIdentifier(name));
        return info.isEmpty() ? "" : info.get().getGroup();
    }

    private static SqlSyntaxException syntax(ParseException e) {
        int line = e.line().isDefined() ? (Integer) e.line().get() : 1;
        int column = e.startPosition().isDefined() ? (Integer) e.startPosition().get() + 1 : 1;
        String message = e.getSimpleMessage();
        // Spark's error code and position are removed; the position is reported separately.
        String problem = message.lines()
                .filter(l -> !l.isBlank())
                .findFirst()
                .map(l -> l.replaceFirst("^\\[[A-Z_.]+] ", "").replaceFirst("[.]?; line \\d+ pos \\d+$", ""))
                .orElse("does not parse");
        return new SqlSyntaxException(problem, line, column);
    }
}
