package dev.igarape.jobs.storage;

import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * The disk of this machine, for files that a process reads back and deletes: {@code scratch:///folder}. There are no checksum files
 * beside them, and none gets permissions of its own, for which Hadoop without its native library starts a process each.
 */
public final class ScratchFileSystem extends RawLocalFileSystem {
    /** The setting by which Hadoop finds it. */
    public static final String SETTING = "fs.scratch.impl";

    private static final URI ROOT = URI.create("scratch:///");

    /** The same settings, with which files of this system are found. */
    public static Configuration in(Configuration hadoop) {
        Configuration known = new Configuration(hadoop);
        known.set(SETTING, ScratchFileSystem.class.getName());
        return known;
    }

    /** A folder on this machine, by its path. */
    public static Path folder(String path) {
        return new Path(ROOT.getScheme(), "", path);
    }

    @Override
    public String getScheme() {
        return ROOT.getScheme();
    }

    @Override
    public URI getUri() {
        return ROOT;
    }

    @Override
    public void setPermission(Path file, FsPermission permission) {
        // Those of the process do.
    }
}
