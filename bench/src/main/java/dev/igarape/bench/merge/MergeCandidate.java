package dev.igarape.bench.merge;

import dev.igarape.bench.harness.Candidate;
import dev.igarape.bench.harness.Checksum;
import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** A table that takes the changes of each round, one round after the other. */
abstract class MergeCandidate implements Candidate {
    private final String name;
    private final Written written = new Written();
    /** Whose events the table has not got yet; the warm-up has some, too. */
    private int next;

    MergeCandidate(String name) {
        this.name = name;
    }

    @Override
    public final String name() {
        return name;
    }

    /** Takes the changes of a round, whose events are files; round 0 makes the table. */
    abstract void take(int round) throws Exception;

    /** The rows, but for the status, which says nothing of a row that is there. */
    abstract Dataset<Row> rows() throws Exception;

    @Override
    public final void prepare() throws Exception {
        takeNext();
    }

    @Override
    public final void run(int round) throws Exception {
        written.count(round, this::bytesNow, this::takeNext);
    }

    private void takeNext() throws Exception {
        take(next++);
    }

    /** Bytes that it has written so far; a candidate with a process of its own counts otherwise. */
    long bytesNow() throws IOException {
        return Written.ofThisProcess();
    }

    /** Bytes written in a round, the median. */
    final long bytes() {
        return written.median();
    }

    @Override
    public final Checksum checksum(int round) throws Exception {
        Row sums = rows().agg(
                        functions.count(functions.lit(1)),
                        functions.sum(functions.expr("CAST(xxhash64(id, name, price, updated) AS DECIMAL(38))")))
                .first();
        return new Checksum(sums.getLong(0), String.valueOf(sums.get(1)));
    }

    static Dataset<Row> delta(SparkSession spark, String folder) {
        return spark.read().format("delta").load(folder);
    }
}
