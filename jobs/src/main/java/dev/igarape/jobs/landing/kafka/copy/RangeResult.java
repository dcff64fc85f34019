package dev.igarape.jobs.landing.kafka.copy;

import dev.igarape.jobs.landing.kafka.offsets.OffsetRange;
import dev.igarape.jobs.landing.kafka.output.LandedFile;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.Serializable;
import java.util.List;

/**
 * Counts and files of one range of offsets, which was read completely.
 *
 * @param folder the attempt's folder, to which the files' paths are relative
 * @param read records that the broker returned
 * @param dropped tombstones that the definition drops
 * @param files ordered by path, none empty
 * @param quarantineFiles likewise
 */
public record RangeResult(
        OffsetRange range,
        String folder,
        long read,
        long written,
        long quarantined,
        long dropped,
        List<LandedFile> files,
        List<LandedFile> quarantineFiles)
        implements Serializable {
    public RangeResult {
        files = List.copyOf(files);
        quarantineFiles = List.copyOf(quarantineFiles);
    }

    /**
     * This result, after a check that every record was written, quarantined or dropped.
     *
     * @throws LakeException (EXPECTATION) if the counts do not balance
     */
    RangeResult requireBalanced() {
        if (read != written + quarantined + dropped || rows(files) != written || rows(quarantineFiles) != quarantined) {
            throw new LakeException(
                    ExitCode.EXPECTATION,
                    "Cannot land `" + range.topic() + "`: partition " + range.partition() + " from " + range.from()
                            + " until " + range.until() + " does not balance: " + read + " read, " + written
                            + " written, " + quarantined + " quarantined, " + dropped + " dropped, " + rows(files)
                            + " and "
                            + rows(quarantineFiles) + " rows in files. Nothing was committed; please report it.");
        }
        return this;
    }

    private static long rows(List<LandedFile> files) {
        return files.stream().mapToLong(LandedFile::rows).sum();
    }
}
