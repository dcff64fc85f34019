package dev.igarape.jobs.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
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
 * Small files that appear whole or not at all, each name taken once unless it is asked to be replaced.
 *
 * <p>Rests on {@link FileContext#rename} with {@link Options.Rename#NONE}, which HDFS decides atomically: of many
 * writers of one name exactly one wins. {@code FileSystem.rename} gives no such promise.
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

    /** The names in the folder, sorted by no rule; empty where the folder does not exist. */
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

    /** A file's bytes; throws FileNotFoundException where there is none. */
    public byte[] read(String name) throws IOException {
        try (FSDataInputStream in = context.open(new Path(folder, name))) {
            return in.readAllBytes();
        }
    }

    /** Writes content under a temporary name that no reader looks at; give it its name with {@link Prepared#name}. */
    public Prepared prepare(byte[] content) throws IOException {
        Path temporary = new Path(folder, TEMPORARY + UUID.randomUUID());
        try (FSDataOutputStream out =
                context.create(temporary, EnumSet.of(CreateFlag.CREATE), Options.CreateOpts.createParent())) {
            out.write(content);
            out.hsync();
        }
        return new Prepared(temporary);
    }

    /** Creates a file whole; returns whether the name was free. */
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

    /** Creates a file whole, in the place of one that may have its name. */
    public void replace(String name, byte[] content) throws IOException {
        Prepared prepared = prepare(content);
        context.rename(prepared.temporary, new Path(folder, name), Options.Rename.OVERWRITE);
    }

    public void delete(String name) throws IOException {
        context.delete(new Path(folder, name), false);
    }

    /** Deletes files that were written before a moment and never got a name: whoever wrote them has died. */
    public void discardUnfinished(Instant before) throws IOException {
        List<Path> dead = new ArrayList<>();
        RemoteIterator<FileStatus> files = context.listStatus(folder);
        while (files.hasNext()) {
            FileStatus file = files.next();
            if (file.getPath().getName().startsWith(TEMPORARY) && file.getModificationTime() < before.toEpochMilli()) {
                dead.add(file.getPath());
            }
        }
        for (Path file : dead) {
            context.delete(file, false);
        }
    }

    /** A written file that has no name yet. */
    public final class Prepared {
        private final Path temporary;

        private Prepared(Path temporary) {
            this.temporary = temporary;
        }

        /** Takes the name if it is free; false where another holds it. An IOException leaves open which happened. */
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
