package dev.igarape.bench.merge;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A table of items and its changes, made from numbers: {@code id bigint, name string, price int, status string, updated
 * timestamp}. Round 0 has all items; each later round changes some at random, deletes a twentieth of these, and adds a few.
 *
 * @param rows of round 0
 * @param changes of each later round, about
 */
record Items(SparkSession spark, long rows, long changes) {
    static final String KEY = "id";

    /** The events of a round; no key has two. */
    Dataset<Row> events(int round) {
        String id = round == 0 ? "id" : "pmod(xxhash64(id, " + round + "), " + (rows + rows / 100) + ")";
        String deletes = round == 0 ? "false" : "pmod(xxhash64(id, 'deleted'), 20) = 0";
        long count = round == 0 ? rows : changes;
        return spark.sql("SELECT DISTINCT " + id + " AS id FROM range(" + count + ")")
                .selectExpr(
                        "id",
                        "concat('item ', hex(xxhash64(id))) AS name",
                        "CAST(pmod(xxhash64(id, " + round + ", 'price'), 10000) AS INT) AS price",
                        "IF(" + deletes + ", 'delete', 'update') AS status",
                        "timestamp_seconds(1700000000 + " + round + ") AS updated");
    }
}
