package dev.igarape.jobs.input;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.storage.DataFiles;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Partitions of an input, checked to have the bytes that its ledger says. Files that were cut off where a block ends, or lost,
 * would be read as fewer rows without any error.
 *
 * @param reader the table that is built from them, for messages
 */
record WholeFiles(Lake lake, TableName input, LedgerState state, TableName reader) {
    /**
     * A partition that has files.
     *
     * @param files its data files
     */
    record Folder(CurrentPartition current, Path path, List<FileStatus> files) {}

    /**
     * The partitions of a date that have files.
     *
     * @throws LakeException (EXPECTATION) if the files of one are not what the ledger says
     */
    List<Folder> of(LocalDate date, Predicate<CurrentPartition> wanted) throws IOException {
        List<CurrentPartition> partitions = state.partitionsOf(date).stream()
                .filter(current -> current.partition().files() > 0)
                .filter(wanted)
                .toList();
        List<Folder> folders = new ArrayList<>();
        for (CurrentPartition current : partitions) {
            folders.add(whole(current));
        }
        return folders;
    }

    /** The folders of {@link #of}. */
    String[] folders(LocalDate date, Predicate<CurrentPartition> wanted) throws IOException {
        return of(date, wanted).stream().map(folder -> folder.path().toString()).toArray(String[]::new);
    }

    private Folder whole(CurrentPartition current) throws IOException {
        Path folder = new Path(lake.target().folder(input), current.partition().path());
        List<FileStatus> files = DataFiles.list(lake.files(), folder);
        long there = files.stream().mapToLong(FileStatus::getLen).sum();
        if (there != current.partition().bytes()) {
            throw new LakeException(
                    ExitCode.EXPECTATION,
                    "Cannot build " + reader + ": " + folder + " of " + input + " holds " + there
                            + " bytes, but commit " + current.sequence() + " wrote "
                            + current.partition().bytes()
                            + ". Something else than the lake has changed its files. Put them back, e.g. from a"
                            + " snapshot, and run again; until then readers keep the version that they have.");
        }
        return new Folder(current, folder, files);
    }
}
