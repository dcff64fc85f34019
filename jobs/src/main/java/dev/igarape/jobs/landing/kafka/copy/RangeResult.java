package dev.igarape.jobs.landing.kafka.copy;

import dev.igarape.jobs.landing.kafka.offsets.OffsetRange;
import dev.igarape.jobs.landing.kafka.output.LandedFile;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.Serializable;
import java.util.List;

/**
 * What became of one range of offsets; all of it was consumed.
 *
 * @param folder the attempt's folder, to which the files' paths are relative
 * @param read records that the broker gave out
 * @param dropped tombstones that the definition leaves out
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
     * This result, all of whose records are somewhere.
     *
     * @throws LakeException (EXPECTATION) if any is not
     */
    RangeResult balanced() {
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
