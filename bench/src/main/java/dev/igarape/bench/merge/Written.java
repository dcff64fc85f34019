package dev.igarape.bench.merge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;

/** How many bytes a candidate writes in a round. */
final class Written {
    private final List<Long> byRound = new ArrayList<>();

    /** Bytes written so far. */
    @FunctionalInterface
    interface Counter {
        long bytes() throws IOException;
    }

    /** Runs the work of a round and counts. */
    void count(int round, Counter counter, Work work) throws Exception {
        long before = counter.bytes();
        work.run();
        if (round > 0) {
            byRound.add(counter.bytes() - before);
        }
    }

    /** Work that may fail. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** The median of the rounds that count. */
    long median() {
        List<Long> sorted = byRound.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
    }

    /** What this process, in which Spark's tasks run too, has written to HDFS. */
    static long ofThisProcess() {
        long bytes = 0;
        for (FileSystem.Statistics statistics : FileSystem.getAllStatistics()) {
            if (statistics.getScheme().equals("hdfs")) {
                bytes += statistics.getBytesWritten();
            }
        }
        return bytes;
    }
}
