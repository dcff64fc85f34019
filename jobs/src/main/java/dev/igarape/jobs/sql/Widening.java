package dev.igarape.jobs.sql;

import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/** Type widening without loss. */
public final class Widening {
    private Widening() {}

    /**
     * Whether all values of a type keep their meaning in another. Follows Spark's up-cast rule, except for timestamp to
     * timestamp_ntz: a local time in the hour that repeats in autumn does not say which moment it was.
     */
    public static boolean isLossless(DataType from, DataType to) {
        if (from instanceof ArrayType some && to instanceof ArrayType other) {
            return Cast.canUpCast(from, to) && isLossless(some.elementType(), other.elementType());
        }
        if (from instanceof MapType some && to instanceof MapType other) {
            return Cast.canUpCast(from, to)
                    && isLossless(some.keyType(), other.keyType())
                    && isLossless(some.valueType(), other.valueType());
        }
        if (from instanceof StructType some && to instanceof StructType other) {
            boolean isLossless = Cast.canUpCast(from, to);
            for (int i = 0; i < some.length() && isLossless; i++) {
                isLossless = isLossless(some.apply(i).dataType(), other.apply(i).dataType());
            }
            return isLossless;
        }
        boolean momentAsWallTime = from.equals(DataTypes.TimestampType) && to.equals(DataTypes.TimestampNTZType);
        return !momentAsWallTime && Cast.canUpCast(from, to);
    }
}
