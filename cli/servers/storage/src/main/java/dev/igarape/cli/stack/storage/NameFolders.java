package dev.igarape.cli.stack.storage;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.server.namenode.FSNamesystem;
import org.apache.hadoop.hdfs.server.namenode.NameNode;
import org.apache.hadoop.hdfs.server.namenode.ha.BootstrapStandby;

/**
 * A NameNode's folders, made ready for its first start. Alone it formats them. Of two, the first one formats the journals with
 * them, or, if it was alone before, fills these from what it has; the other one has its first state from the first, which must
 * run.
 *
 * <p>The static methods of Hadoop change the configuration that they are given, so each gets one of its own.
 */
final class NameFolders {
    private static final String SHARED = "dfs.namenode.shared.edits.dir";
    private static final int ATTEMPTS = 20;

    private final HdfsConfiguration configuration = new HdfsConfiguration();

    /** Whether the NameNode is one of two, which share their edits. */
    boolean areShared() {
        return configuration.get(SHARED) != null;
    }

    void prepare() throws IOException, InterruptedException {
        if (!areShared()) {
            if (neverFormatted()) {
                NameNode.format(new HdfsConfiguration());
            }
            return;
        }
        List<Path> marks = marks();
        if (marks.stream().allMatch(Files::exists)) {
            return;
        }
        share();
        for (Path mark : marks) {
            Files.createDirectories(mark.getParent());
            Files.writeString(mark, "");
        }
    }

    private void share() throws IOException, InterruptedException {
        if (!isFirst()) {
            copyFromTheFirst();
        } else if (neverFormatted()) {
            NameNode.format(new HdfsConfiguration());
        } else if (NameNode.initializeSharedEdits(new HdfsConfiguration(), true)) {
            throw new IOException("the journals were not filled from " + folders());
        }
    }

    /** One that was cut off is done again, over what it has left. The first NameNode may have only just begun. */
    private static void copyFromTheFirst() throws IOException, InterruptedException {
        IOException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (attempt > 0) {
                TimeUnit.SECONDS.sleep(1);
            }
            try {
                int status = BootstrapStandby.run(new String[] {"-force", "-nonInteractive"}, new HdfsConfiguration());
                if (status == 0) {
                    return;
                }
                last = new IOException("BootstrapStandby ended with " + status);
            } catch (IOException e) {
                last = e;
            }
        }
        throw new IOException("no state from the other NameNode in %d attempts".formatted(ATTEMPTS), last);
    }

    private boolean isFirst() {
        String nameService = configuration.getTrimmed("dfs.nameservices");
        String[] nameNodes = configuration.getTrimmedStrings("dfs.ha.namenodes." + nameService);
        return nameNodes[0].equals(configuration.getTrimmed("dfs.ha.namenode.id"));
    }

    private boolean neverFormatted() {
        return folders().stream().noneMatch(folder -> Files.exists(folder.resolve("current/VERSION")));
    }

    private List<Path> folders() {
        List<Path> folders = new ArrayList<>();
        for (URI folder : FSNamesystem.getNamespaceDirs(configuration)) {
            folders.add(Path.of(folder));
        }
        return folders;
    }

    /** Files that say that all of this is done. */
    private List<Path> marks() {
        return folders().stream()
                .map(folder -> folder.resolveSibling(folder.getFileName() + ".shared"))
                .toList();
    }
}
