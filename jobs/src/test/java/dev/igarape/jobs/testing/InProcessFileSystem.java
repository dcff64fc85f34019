package dev.igarape.jobs.testing;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * The local disk without Hadoop's native library and yet without a process for each file. Without the library, {@link
 * RawLocalFileSystem} starts {@code chmod} for each file that it makes and {@code readlink} for each that it renames; half
 * of the time of these tests went into that. {@code core-site.xml} of the tests names this class. Links are
 * not looked at.
 */
public final class InProcessFileSystem extends RawLocalFileSystem {
    /** Held by whoever renames: file contexts have a file system each. */
    private static final Object RENAMES = new Object();

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
        String text = permission.getUserAction().SYMBOL
                + permission.getGroupAction().SYMBOL
                + permission.getOtherAction().SYMBOL;
        Files.setPosixFilePermissions(pathToFile(path).toPath(), PosixFilePermissions.fromString(text));
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return plain(super.getFileStatus(path));
    }

    @Override
    public FileStatus getFileLinkStatus(Path path) throws IOException {
        return getFileStatus(path);
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        FileStatus[] statuses = super.listStatus(path);
        for (int i = 0; i < statuses.length; i++) {
            statuses[i] = plain(statuses[i]);
        }
        return statuses;
    }

    /**
     * Renames as HDFS does: of many threads that rename to one name, exactly one wins. Hadoop looks first whether the name is
     * free on a local disk, so two could find it so.
     */
    @Override
    protected void rename(Path from, Path to, Options.Rename... options) throws IOException {
        synchronized (RENAMES) {
            super.rename(from, to, options);
        }
    }

    /** A status that does not start {@code ls} to know owner and permissions. */
    private static FileStatus plain(FileStatus status) {
        return new FileStatus(
                status.getLen(),
                status.isDirectory(),
                status.getReplication(),
                status.getBlockSize(),
                status.getModificationTime(),
                status.getPath());
    }

    /** The same with checksums, as {@code FileSystem.getLocal} wants it. */
    public static final class ForFileSystem extends LocalFileSystem {
        /** Called by Hadoop. */
        public ForFileSystem() {
            super(new InProcessFileSystem());
        }
    }

    /** The same for those who use Hadoop's {@code FileContext}; without checksums. */
    public static final class ForFileContext extends DelegateToFileSystem {
        /** Called by Hadoop. */
        public ForFileContext(URI uri, Configuration conf) throws IOException, URISyntaxException {
            super(uri, new InProcessFileSystem(), conf, "file", false);
        }
    }
}
