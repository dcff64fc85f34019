package dev.igarape.jobs.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * A folder of small files that are created atomically, so that readers never see a partial file. A name is given to one
 * writer only, unless {@link #replace} is used.
 *
 * <p>Uses {@link FileContext#rename} with {@link Options.Rename#NONE}, which HDFS applies atomically: of many writers
 * of one name exactly one wins. {@code FileSystem.rename} does not guarantee that.
 *
 * <p>A lost reply makes no loser of the winner. HDFS's client asks again, of two NameNodes whichever is active, and gets the
 * answer of its first call: renaming is an at-most-once call, whose answers NameNodes keep ({@code RetryCache}, HDFS-4979) and
 * have from each other's edits (HDFS-5025). Once that is forgotten, after ten minutes, the source is not found: an
 * IOException, after which nobody knows.
 */
public final class AtomicFiles {
    private static final String TEMPORARY = "_tmp-";

    private final FileContext context;
    private final Path folder;

    public AtomicFiles(Configuration hadoop, Path folder) throws IOException {
        this.context = FileContext.getFileContext(folder.toUri(), hadoop);
        this.folder = folder;
    }

    public Path folder() {
        return folder;
    }

    /** Names of the files in the folder, in no order; empty if the folder does not exist. */
    public Iterable<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        try {
            RemoteIterator<FileStatus> files = context.listStatus(folder);
            while (files.hasNext()) {
                names.add(files.next().getPath().getName());
            }
        } catch (FileNotFoundException e) {
            return List.of();
        }
        return names;
    }

    /** Reads a file; throws FileNotFoundException if there is none. */
    public byte[] read(String name) throws IOException {
        try (FSDataInputStream in = context.open(new Path(folder, name))) {
            return in.readAllBytes();
        }
    }

    /** Size and times of a file; empty if there is none. */
    public Optional<FileStatus> status(String name) throws IOException {
        try {
            return Optional.of(context.getFileStatus(new Path(folder, name)));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Writes content under a temporary name, which readers ignore; {@link Prepared#name} gives it its name. */
    public Prepared prepare(byte[] content) throws IOException {
        Path temporary = new Path(folder, TEMPORARY + UUID.randomUUID());
        try (FSDataOutputStream out =
                context.create(temporary, EnumSet.of(CreateFlag.CREATE), Options.CreateOpts.createParent())) {
            out.write(content);
            out.hsync();
        }
        return new Prepared(temporary);
    }

    /** Creates a file atomically; returns false if the name is taken. */
    public boolean create(String name, byte[] content) throws IOException {
        Prepared prepared = prepare(content);
        boolean won = false;
        try {
            won = prepared.name(name);
        } finally {
            if (!won) {
                prepared.discard();
            }
        }
        return won;
    }

    /** Creates a file atomically, and replaces the file of that name if there is one. */
    public void replace(String name, byte[] content) throws IOException {
        Prepared prepared = prepare(content);
        context.rename(prepared.temporary, new Path(folder, name), Options.Rename.OVERWRITE);
    }

    public void delete(String name) throws IOException {
        context.delete(new Path(folder, name), false);
    }

    /** Deletes temporary files that were last written before a moment: their writers have crashed. */
    public void discardUnfinished(Instant before) throws IOException {
        List<Path> abandoned = new ArrayList<>();
        RemoteIterator<FileStatus> files = context.listStatus(folder);
        while (files.hasNext()) {
            FileStatus file = files.next();
            if (file.getPath().getName().startsWith(TEMPORARY) && file.getModificationTime() < before.toEpochMilli()) {
                abandoned.add(file.getPath());
            }
        }
        for (Path file : abandoned) {
            context.delete(file, false);
        }
    }

    /** A written file that still has its temporary name. */
    public final class Prepared {
        private final Path temporary;

        private Prepared(Path temporary) {
            this.temporary = temporary;
        }

        /**
         * Renames the file; returns false if the name is taken. After an IOException it may or may not have been
         * renamed.
         */
        public boolean name(String name) throws IOException {
            try {
                context.rename(temporary, new Path(folder, name), Options.Rename.NONE);
                return true;
            } catch (FileAlreadyExistsException e) {
                return false;
            }
        }

        public void discard() throws IOException {
            context.delete(temporary, false);
        }
    }
}
