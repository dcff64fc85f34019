package dev.igarape.jobs.sql;

import dev.igarape.model.sql.TimeShape.Form;
import dev.igarape.model.sql.TimeShape.TimeValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.EqualNullSafe;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.NaturalJoin;
import org.apache.spark.sql.catalyst.plans.UsingJoin;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import scala.collection.JavaConverters;

/** The keys of a join by which rows of one time meet rows of the same time, or of the same window. */
final class JoinKeys {
    private JoinKeys() {}

    /** @param conditions what joined rows have to meet, each of them */
    static List<TimeValue> of(Join join, TimeColumns left, TimeColumns right, List<Expression> conditions) {
        List<TimeValue> keys = new ArrayList<>();
        if (join.joinType() instanceof UsingJoin using) {
            for (String column : JavaConverters.seqAsJavaList(using.usingColumns())) {
                Optional<TimeValue> one = left.find(List.of(column)).flatMap(TimeColumns.Held::time);
                Optional<TimeValue> other = right.find(List.of(column)).flatMap(TimeColumns.Held::time);
                key(one, other).ifPresent(keys::add);
            }
        } else if (join.joinType() instanceof NaturalJoin) {
            left.columns().stream()
                    .filter(column -> column.fields().isEmpty())
                    .forEach(column -> key(
                                    Optional.of(column.value()),
                                    right.find(List.of(column.name())).flatMap(TimeColumns.Held::time))
                            .ifPresent(keys::add));
        }
        for (Expression condition : conditions) {
            if (condition instanceof EqualTo equal) {
                equal(equal.left(), equal.right(), left, right).ifPresent(keys::add);
            } else if (condition instanceof EqualNullSafe equal) {
                equal(equal.left(), equal.right(), left, right).ifPresent(keys::add);
            }
        }
        return keys;
    }

    /** Whether rows of one of these sides stay in the result where none of the other side meets them. */
    static boolean keepsUnmatched(Join join, boolean left, boolean right) {
        String type = join.joinType().sql();
        return type.contains("FULL") && (left || right)
                || type.contains("LEFT") && left
                || type.contains("RIGHT") && right;
    }

    private static Optional<TimeValue> equal(Expression a, Expression b, TimeColumns left, TimeColumns right) {
        return key(TimeExpressions.time(a, left), TimeExpressions.time(b, right))
                .or(() -> key(TimeExpressions.time(b, left), TimeExpressions.time(a, right)));
    }

    /** Equal values of both sides: the coarser one says how far apart the times of joined rows may be. */
    private static Optional<TimeValue> key(Optional<TimeValue> one, Optional<TimeValue> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return Optional.empty();
        }
        if (one.get().form() == Form.SAME) {
            // Equal to the end of a window is not in it.
            return other.filter(value -> value.form() != Form.END);
        }
        if (other.get().form() == Form.SAME) {
            return one.filter(value -> value.form() != Form.END);
        }
        return one.filter(value -> value.form() == other.get().form()
                && value.window().equals(other.get().window()));
    }
}
