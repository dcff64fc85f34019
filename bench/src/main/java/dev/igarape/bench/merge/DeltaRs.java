package dev.igarape.bench.merge;

import dev.igarape.bench.harness.ScratchTarget;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The merge of {@code deltalake}, Delta Lake without a JVM, in a Python process that stays ({@code delta_rs.py}). It reads the
 * events from this machine's disk, where they are put beforehand.
 */
final class DeltaRs extends MergeCandidate implements AutoCloseable {
    private final SparkSession spark;
    private final ScratchTarget scratch;
    private final List<Path> events = new ArrayList<>();
    private final String folder;
    private final Process process;
    private final Writer requests;
    private final BufferedReader answers;

    /**
     * @param events folders of the events by round
     * @param python an interpreter that has the package
     * @param local a folder on this machine for the events
     */
    DeltaRs(SparkSession spark, ScratchTarget scratch, List<String> events, Path python, Path local)
            throws IOException {
        super("deltalake");
        this.spark = spark;
        this.scratch = scratch;
        this.folder = scratch.folder("deltalake");
        for (String round : events) {
            Path copy = Files.createDirectories(local).resolve(String.valueOf(this.events.size()));
            FileUtil.fullyDelete(copy.toFile());
            FileUtil.copy(
                    scratch.files(),
                    new org.apache.hadoop.fs.Path(round),
                    copy.toFile(),
                    false,
                    scratch.files().getConf());
            this.events.add(copy);
        }
        Path script = local.resolve("delta_rs.py");
        try (InputStream source = DeltaRs.class.getResourceAsStream("delta_rs.py")) {
            Files.write(script, source.readAllBytes());
        }
        this.process = new ProcessBuilder(python.toString(), script.toString(), folder)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        this.requests = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    @Override
    void take(int round) throws IOException, InterruptedException {
        if (process.isAlive()) {
            requests.write(events.get(round) + "\n");
            requests.flush();
        }
        String answer = answers.readLine();
        if (answer == null) {
            throw new IllegalStateException("its process ended with status " + process.waitFor());
        }
        if (!answer.equals("done")) {
            throw new IllegalStateException(answer);
        }
    }

    /** Nothing is ever deleted from the table's folder, so what it grows by was written. */
    @Override
    long bytesNow() throws IOException {
        org.apache.hadoop.fs.Path root = new org.apache.hadoop.fs.Path(folder);
        return scratch.files().exists(root)
                ? scratch.files().getContentSummary(root).getLength()
                : 0;
    }

    @Override
    Dataset<Row> rows() {
        return delta(spark, folder);
    }

    /** Ends the process. Its input is not closed before: that fails if it has ended with something left to read. */
    @Override
    public void close() {
        process.destroy();
    }
}
