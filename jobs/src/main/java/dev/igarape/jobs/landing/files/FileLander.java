package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.landing.files.folders.FoundFile;
import dev.igarape.jobs.ledger.Consumed;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.jobs.storage.Sha256;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Writes files into the folders of one commit: valid records as Avro, invalid ones to quarantine. */
final class FileLander {
    private final Lake lake;
    private final TableLayout layout;
    private final String commitId;
    private final LandedSchema schema;
    private final LedgerState state;
    private final CapturedNumbers numbers;
    private final FileCopy copy;
    /** Of the files that were landed, or tried. */
    private final Set<String> names = new HashSet<>();

    /** @param state what the table has */
    FileLander(Lake lake, Table table, Source.Files source, String commitId, LedgerState state) {
        this.lake = lake;
        this.layout = new TableLayout(lake.target(), table);
        this.commitId = commitId;
        this.schema = new LandedSchema(table, source, state);
        this.state = state;
        this.numbers = new CapturedNumbers(state.files());
        this.copy = source.isEventHubs()
                ? new EventsCopy(source, numbers)
                : source.isBinary() ? new RowsCopy(lake.hadoop(), source, schema) : new TextCopy(lake.hadoop(), source);
    }

    /**
     * A landed file.
     *
     * @param quarantine present where something was refused, or where an older version's must be replaced
     * @param copied what else was in it
     */
    record Landed(
            FoundFile file,
            Consumed.FileVersion version,
            PartitionVersion partition,
            Optional<PartitionVersion> quarantine,
            FileCopy.Copied copied) {
        long quarantined() {
            return quarantine.map(PartitionVersion::rows).orElse(0L);
        }

        /** Whether the file is not empty but has neither rows nor quarantined records. */
        boolean holdsNoRow() {
            return file.length() > 0 && partition.rows() == 0 && quarantined() == 0;
        }
    }

    /** The schema of the table with the files that were landed. */
    LandedSchema schema() {
        return schema;
    }

    /** The captured events of the table with the files that were landed. */
    CapturedNumbers numbers() {
        return numbers;
    }

    /** The version of the file as it is now, by reading it. */
    Consumed.FileVersion version(FoundFile file) throws IOException {
        MessageDigest digest = Sha256.digest();
        try (InputStream in = new DigestInputStream(file.open(lake.hadoop()), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return file.version(digest.digest());
    }

    /**
     * Lands a file; a second time in the place of the first.
     *
     * @param keepQuarantine whether a quarantine partition is needed even if it is empty
     * @throws LakeException DEFINITION if the file as a whole can't be read, UNAVAILABLE if it changed while it was read;
     *     nothing of it is left then
     */
    Landed land(FoundFile file, LocalDate date, boolean keepQuarantine) throws IOException {
        String path = commitId + "/date=" + date + "/batch=" + file.batch();
        Path rows = new Path(layout.folder(), path);
        Path refused = new Path(layout.quarantineFolder(), path);
        if (!names.add(file.name())) {
            delete(rows, refused);
        }
        try {
            return land(file, date, keepQuarantine, path, rows, refused);
        } catch (IOException | RuntimeException e) {
            delete(rows, refused);
            // What was read of two contents is neither damaged nor a failure of the file system.
            requireUnchanged(file);
            throw e;
        }
    }

    private void delete(Path rows, Path refused) throws IOException {
        lake.files().delete(rows, true);
        lake.files().delete(refused, true);
    }

    private Landed land(FoundFile file, LocalDate date, boolean keepQuarantine, String path, Path rows, Path refused)
            throws IOException {
        MessageDigest digest = Sha256.digest();
        FileOutputs out = new FileOutputs(lake.files(), rows, refused, file);
        FileCopy.Copied copied;
        try (out;
                InputStream stored = new DigestInputStream(file.open(lake.hadoop()), digest)) {
            if (keepQuarantine) {
                out.beginQuarantine();
            }
            copied = copy.copy(file, stored, out);
        }
        requireUnchanged(file);
        Consumed.FileVersion bytes = file.version(digest.digest());
        // What was accepted before its events stays so if the file is landed again.
        Optional<Consumed.Captured> captured = copied.captured()
                .map(now -> Optional.ofNullable(state.files().get(file.name()))
                        .flatMap(Consumed.FileVersion::captured)
                        .map(before -> now.withAccepted(before.accepted()))
                        .orElse(now));
        Consumed.FileVersion version =
                new Consumed.FileVersion(bytes.length(), bytes.modified(), bytes.sha256(), captured);
        copied.writer().ifPresent(writer -> schema.add(writer, file.name()));
        if (copied.captured().isPresent()) {
            numbers.add(file.name(), version);
        }
        return new Landed(file, version, out.partition(date, path), out.quarantine(date, path), copied);
    }

    /** Deletes everything that was written. */
    void discard() throws IOException {
        lake.files().delete(new Path(layout.folder(), commitId), true);
        lake.files().delete(new Path(layout.quarantineFolder(), commitId), true);
    }

    private void requireUnchanged(FoundFile file) throws IOException {
        Optional<FileStatus> status = status(file);
        boolean same = status.filter(now -> now.getLen() == file.length()
                        && now.getModificationTime() == file.modified().toEpochMilli())
                .isPresent();
        if (!same) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    file.path() + (status.isPresent() ? " changed" : " went away")
                            + " while it was read. A run lands it when it is whole; let its writer rename it into place.");
        }
    }

    private Optional<FileStatus> status(FoundFile file) throws IOException {
        try {
            return Optional.of(file.path().getFileSystem(lake.hadoop()).getFileStatus(file.path()));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }
}
