package dev.igarape.jobs.kind;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;

/**
 * Asks the source of a landing what it has, at little cost, so that a process that stays can tell whether a build would find
 * anything new. It keeps its connections until it is closed.
 */
public interface SourceProbe extends AutoCloseable {
    /** The source's state now. */
    SourceState state() throws IOException;

    @Override
    void close();

    /**
     * A state of a source.
     *
     * @param version differs from that of an earlier state if a build may find something new
     * @param endOffsets of Kafka, the end offset by topic and partition; empty for other sources
     * @param files of files, their look by path; empty for other sources
     */
    record SourceState(String version, Map<String, Map<Integer, Long>> endOffsets, Map<String, FileLook> files) {}

    /** What is known of a file that was not read. */
    record FileLook(long length, Instant modified) {}
}
