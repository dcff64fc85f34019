package dev.igarape.jobs.landing;

import dev.igarape.jobs.landing.offsets.OffsetRange;
import java.io.Serializable;
import java.util.List;

/**
 * What became of one range of offsets; all of it was consumed.
 *
 * @param folder the attempt's folder, to which the files' paths are relative
 * @param read records that the broker gave out
 * @param files ordered by path, none empty
 * @param quarantineFiles likewise
 */
public record RangeResult(
        OffsetRange range,
        String folder,
        long read,
        long written,
        long quarantined,
        List<LandedFile> files,
        List<LandedFile> quarantineFiles)
        implements Serializable {
    public RangeResult {
        files = List.copyOf(files);
        quarantineFiles = List.copyOf(quarantineFiles);
    }
}
