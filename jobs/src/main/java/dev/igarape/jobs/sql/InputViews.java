package dev.igarape.jobs.sql;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;

/**
 * Rewrites a query over {@code <layer>.<name>} tables into one over temporary views, which is how a build reads the
 * committed folders that its ledger names instead of what the metastore shows at the moment.
 */
public final class InputViews {
    private static final Pattern NAME = Pattern.compile("`?(\\w+)`?\\s*\\.\\s*`?(\\w+)`?");

    private InputViews() {}

    /** The view that stands for a table. */
    public static String viewOf(String table) {
        return "input__" + table.replace('.', '_');
    }

    /** The query with each two-part table name replaced by its view; names still work as column qualifiers. */
    public static String rewrite(String sql) {
        PlanWalk walk = new PlanWalk();
        walk.visit(new CatalystSqlParser().parsePlan(sql), false);
        // A query that reads one FROM twice (FROM t SELECT a SELECT b) names it once.
        List<PlanWalk.Relation> relations =
                new ArrayList<>(walk.relations().stream().distinct().toList());
        relations.sort(Comparator.comparingInt(PlanWalk.Relation::start).reversed());
        StringBuilder text = new StringBuilder(sql);
        for (PlanWalk.Relation relation : relations) {
            Matcher name = NAME.matcher(sql);
            // The parser counts code points.
            int start = relation.start() < 0 ? -1 : sql.offsetByCodePoints(0, relation.start());
            if (start < 0 || !name.find(start) || name.start() != start) {
                throw new IllegalStateException("Spark's parser gave no position for table " + relation.name());
            }
            String view = viewOf(name.group(1) + "." + name.group(2));
            text.replace(name.start(), name.end(), relation.aliased() ? view : view + " AS `" + name.group(2) + "`");
        }
        return text.toString();
    }
}
