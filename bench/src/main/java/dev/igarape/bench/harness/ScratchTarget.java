package dev.igarape.bench.harness;

import dev.igarape.jobs.lake.HadoopSettings;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.model.Json;
import dev.igarape.model.Manifest;
import dev.igarape.model.TableName;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;

/**
 * A target of a benchmark's own: a folder and databases on a real target, deleted when closed.
 *
 * @param file the target as a file, for jobs
 */
public record ScratchTarget(Target target, Path file, FileSystem files) implements AutoCloseable {
    /**
     * Opens one with folder {@code <root>/bench/<name>} and no database yet.
     *
     * @param folder gets the target's file
     */
    public static ScratchTarget open(Target real, String name, Path folder) throws IOException {
        Target target = real.isolated("bench", "bench_" + name + "_", "bench/" + name);
        Path file = Files.createDirectories(folder).resolve(name + ".json");
        Json.mapper().writeValue(file.toFile(), target);
        ScratchTarget scratch =
                new ScratchTarget(target, file, FileSystem.get(URI.create(real.hdfs()), HadoopSettings.of(real)));
        // A benchmark that was killed may have left something.
        scratch.clear();
        return scratch;
    }

    /** The lake that jobs of this process see in it. */
    public Lake lake(Manifest manifest, Clock clock) {
        return new Lake(manifest, target, files.getConf(), files, clock, "bench", Step.Listener.NONE);
    }

    /** The URI of a folder in it. */
    public String folder(String name) {
        return target.hdfs() + target.root() + "/" + name;
    }

    public void delete(String folder) throws IOException {
        files.delete(new org.apache.hadoop.fs.Path(folder), true);
    }

    /** A connection to Trino. */
    public Connection connect() throws SQLException {
        return trino().connect();
    }

    /** The checksum of a table's rows for a half-open range of dates, as Trino reads them. */
    public Checksum checksum(String table, String from, String to) throws SQLException {
        return trino().checksum(table, from, to);
    }

    /** Likewise, of these columns alone. */
    public Checksum checksum(String table, List<String> columns, String from, String to) throws SQLException {
        return trino().checksum(table, columns, from, to);
    }

    private TrinoReader trino() {
        return new TrinoReader(target);
    }

    /** Deletes these tables; of others the metastore forgets what it shows, and files and ledgers stay. */
    public void clear(List<TableName> tables) throws IOException {
        discard();
        for (TableName table : tables) {
            delete(target.folder(table));
            delete(target.ledgerFolder(table));
        }
    }

    /** Deletes all that is in it. */
    public void clear() throws IOException {
        discard();
        delete(target.hdfs() + target.root());
    }

    private void discard() {
        try (Publisher publisher =
                new Publisher(target, files.getConf(), files, Clock.systemUTC(), "bench", Step.Listener.NONE)) {
            publisher.discard();
        }
    }

    @Override
    public void close() throws IOException {
        clear();
    }
}
