package dev.igarape.model.targets;

import java.io.Serializable;

/**
 * Resource limits of the tasks that land topics, on a target.
 *
 * <p>The memory of one task is bounded by {@code fetchBytes} times the producers' compression ratio, plus
 * {@code openFiles} times about 1.5 {@code blockBytes} and the file system's buffers (on HDFS up to 5 MB, where its
 * servers are slow), plus {@code waitingBytes}, plus a few times the largest record.
 *
 * @param openFiles how many files a task writes at once; 1 or more
 * @param waitingBytes how many bytes of rows wait in memory for a file, when rows of more dates or schemas come than
 *     {@code openFiles} lets in; 1024 or more
 * @param blockBytes bytes of an Avro block before compression; 1024 or more
 * @param fetchBytes how much a consumer asks of the broker at once; 1024 or more
 * @param fileBytes about how large a file grows before the next one is begun; 1024 or more
 * @param stallSeconds how long a consumer may stay where it is before the task gives up; 1 or more
 */
public record LandingLimits(
        int openFiles, int waitingBytes, int blockBytes, int fetchBytes, long fileBytes, int stallSeconds)
        implements Serializable {
    /** The limits of a target that declares none. */
    public static final LandingLimits DEFAULT = new LandingLimits(32, 64 << 20, 256 << 10, 8 << 20, 256L << 20, 60);

    public LandingLimits {
        if (waitingBytes < 1024 || blockBytes < 1024 || fetchBytes < 1024 || fileBytes < 1024) {
            throw new IllegalArgumentException("less than 1024 bytes: waiting " + waitingBytes + ", block " + blockBytes
                    + ", fetch " + fetchBytes + ", file " + fileBytes);
        }
        if (openFiles < 1 || stallSeconds < 1) {
            throw new IllegalArgumentException(
                    "less than 1: " + openFiles + " open files, a stall of " + stallSeconds + " s");
        }
    }
}
