package dev.igarape.jobs.landing;

import dev.igarape.jobs.landing.offsets.OffsetRange;
import dev.igarape.model.ExitCode;
import dev.igarape.model.LakeException;
import java.util.List;

/** The promise that every record read is somewhere. */
final class Balance {
    private Balance() {}

    static void check(
            OffsetRange range,
            long read,
            long written,
            long quarantined,
            List<LandedFile> files,
            List<LandedFile> quarantineFiles) {
        if (read != written + quarantined || rows(files) != written || rows(quarantineFiles) != quarantined) {
            throw new LakeException(
                    ExitCode.EXPECTATION,
                    "Cannot land `" + range.topic() + "`: partition " + range.partition() + " from " + range.from()
                            + " until " + range.until() + " does not balance: " + read + " read, " + written
                            + " written, " + quarantined + " quarantined, " + rows(files) + " and "
                            + rows(quarantineFiles) + " rows in files. Nothing was committed; please report it.");
        }
    }

    private static long rows(List<LandedFile> files) {
        return files.stream().mapToLong(LandedFile::rows).sum();
    }
}
