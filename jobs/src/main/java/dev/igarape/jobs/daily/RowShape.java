package dev.igarape.jobs.daily;

import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Repartition;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.View;
import scala.collection.JavaConverters;

/**
 * Whether a resolved query is row-wise: each row of the result comes from one row of one input.
 *
 * @param filters whether the query has filters
 */
public record RowShape(boolean rowWise, boolean filters) {
    public static RowShape of(LogicalPlan plan) {
        boolean filters = false;
        LogicalPlan node = plan;
        while (!node.children().isEmpty()) {
            boolean passes = node instanceof Project
                    || node instanceof Filter
                    || node instanceof SubqueryAlias
                    || node instanceof Repartition
                    || node instanceof View;
            if (!passes || !node.subqueries().isEmpty()) {
                return new RowShape(false, false);
            }
            filters |= node instanceof Filter;
            node = JavaConverters.seqAsJavaList(node.children()).get(0);
        }
        return new RowShape(true, filters);
    }
}
