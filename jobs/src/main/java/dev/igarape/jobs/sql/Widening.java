package dev.igarape.jobs.sql;

import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/** Which types hold every value of another one. */
public final class Widening {
    private Widening() {}

    /**
     * Whether values of one type keep their meaning as another. Spark's own answer, but for a moment as a wall time: of
     * the hour that a clock shows twice in autumn, no wall time tells which it was.
     */
    public static boolean keeps(DataType from, DataType to) {
        if (from instanceof ArrayType some && to instanceof ArrayType other) {
            return Cast.canUpCast(from, to) && keeps(some.elementType(), other.elementType());
        }
        if (from instanceof MapType some && to instanceof MapType other) {
            return Cast.canUpCast(from, to)
                    && keeps(some.keyType(), other.keyType())
                    && keeps(some.valueType(), other.valueType());
        }
        if (from instanceof StructType some && to instanceof StructType other) {
            boolean keeps = Cast.canUpCast(from, to);
            for (int i = 0; i < some.length() && keeps; i++) {
                keeps = keeps(some.apply(i).dataType(), other.apply(i).dataType());
            }
            return keeps;
        }
        boolean momentAsWallTime = from.equals(DataTypes.TimestampType) && to.equals(DataTypes.TimestampNTZType);
        return !momentAsWallTime && Cast.canUpCast(from, to);
    }
}
