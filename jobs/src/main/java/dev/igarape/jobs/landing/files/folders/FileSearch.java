package dev.igarape.jobs.landing.files.folders;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.model.Source;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/** Lists the files of a landing's path, folder by folder, and only those folders that may hold files within reach. */
public final class FileSearch {
    private static final String AUTHORITY = "^[a-z][a-z0-9+.-]*://[^/]*";

    private final Lake lake;
    private final TableName table;
    private final ZoneId timezone;
    private final Source.Files source;
    private final Path root;
    private final PathPattern pattern;

    public FileSearch(Lake lake, TableName table, ZoneId timezone, Source.Files source) {
        this.lake = lake;
        this.table = table;
        this.timezone = timezone;
        this.source = source;
        String expanded = lake.expand(source.path());
        String declared = expanded.startsWith("/") ? lake.target().hdfs() + expanded : expanded;
        String path = declared.replaceFirst(AUTHORITY, "");
        this.root = new Path(declared.substring(0, declared.length() - path.length()) + "/");
        this.pattern = PathPattern.of(path);
    }

    /** Whether the path says the dates of the files, so that a search can leave folders out. */
    public boolean hasDates() {
        return pattern.hasDate();
    }

    /**
     * What a search has found.
     *
     * @param files ordered by name
     * @param misplaced why other files can't be landed, one for each name of a folder or file that says no date or partition
     */
    public record Found(List<FoundFile> files, List<LakeException> misplaced) {}

    /** Files that can be landed, and by what their paths say instead of a date or a partition, those that can't. */
    private static final class Finds {
        private final List<FoundFile> files = new ArrayList<>();
        private final Map<String, Path> misplaced = new TreeMap<>();
    }

    /** What a path says is no date or partition. */
    private static final class MisplacedException extends Exception {
        private static final long serialVersionUID = 1;

        MisplacedException(String message) {
            super(message);
        }
    }

    /**
     * The files that match the path, except those that are still being written: files open on HDFS,
     * hidden ones ({@code _x}, {@code .x}), partial copies ({@code x._COPYING_}, {@code x.tmp}), and files without a byte
     * whose format has a header.
     *
     * @throws LakeException NO_INPUT if the folder above the first pattern does not exist
     */
    public Found files(Reach reach) throws IOException {
        FileSystem files = root.getFileSystem(lake.hadoop());
        requireFolder(files);
        Finds found = new Finds();
        walk(files, files.makeQualified(root), 0, Map.of(), reach, found);
        found.files.sort(Comparator.comparing(FoundFile::name));
        List<LakeException> misplaced = new ArrayList<>();
        found.misplaced.forEach((problem, first) -> misplaced.add(new LakeException(
                ExitCode.DEFINITION,
                problem + ", in " + first + ". Rename or move away what is called so, or mend the path.")));
        return new Found(found.files, misplaced);
    }

    private void requireFolder(FileSystem files) throws IOException {
        Path folder = root;
        for (PathPattern.Level level :
                pattern.levels().subList(0, pattern.levels().size() - 1)) {
            if (level.pattern().isPresent()) {
                break;
            }
            folder = new Path(folder, level.text());
        }
        if (!files.exists(folder)) {
            throw new LakeException(
                    ExitCode.NO_INPUT,
                    "Cannot land " + table + ": there is no folder " + folder + ", in which " + source.path()
                            + " looks for files. Create it, or mend the path.");
        }
    }

    private void walk(FileSystem files, Path folder, int depth, Map<String, String> values, Reach reach, Finds found)
            throws IOException {
        PathPattern.Level level = pattern.levels().get(depth);
        boolean last = depth == pattern.levels().size() - 1;
        if (level.pattern().isEmpty() && !last) {
            walk(files, new Path(folder, level.text()), depth + 1, values, reach, found);
            return;
        }
        for (FileStatus status : level.pattern().isPresent() ? list(files, folder) : one(files, folder, level)) {
            Path path = status.getPath();
            Optional<Map<String, String>> below =
                    level.pattern().isPresent() ? level.match(path.getName(), values) : Optional.of(values);
            if (below.isEmpty() || !reach.mayHold(below.get())) {
                continue;
            }
            if (last && status.isFile() && isComplete(files, status)) {
                try {
                    found.files.add(found(status, below.get()));
                } catch (MisplacedException e) {
                    found.misplaced.putIfAbsent(e.getMessage(), path);
                }
            } else if (!last && status.isDirectory()) {
                walk(files, path, depth + 1, below.get(), reach, found);
            }
        }
    }

    /** What a folder holds; nothing if it is gone, or is a file. */
    private static List<FileStatus> list(FileSystem files, Path folder) throws IOException {
        try {
            return Stream.of(files.listStatus(folder))
                    .filter(status -> folder.equals(status.getPath().getParent()))
                    .toList();
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    private static List<FileStatus> one(FileSystem files, Path folder, PathPattern.Level level) throws IOException {
        try {
            return List.of(files.getFileStatus(new Path(folder, level.text())));
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    private boolean isComplete(FileSystem files, FileStatus status) throws IOException {
        String name = status.getPath().getName();
        if (name.startsWith("_") || name.startsWith(".") || name.endsWith("._COPYING_") || name.endsWith(".tmp")) {
            return false;
        }
        if (source.isBinary() && status.getLen() == 0) {
            return false;
        }
        try {
            return !(files instanceof DistributedFileSystem hdfs) || hdfs.isFileClosed(status.getPath());
        } catch (FileNotFoundException e) {
            // Its writer has renamed it since it was listed; the next run finds it under its new name.
            return false;
        }
    }

    private FoundFile found(FileStatus status, Map<String, String> values) throws MisplacedException {
        Instant modified = Instant.ofEpochMilli(status.getModificationTime());
        return new FoundFile(
                status.getPath(),
                status.getLen(),
                modified,
                date(values).orElseGet(() -> LocalDate.ofInstant(modified, timezone)),
                source.isEventHubs() ? Optional.of(captured(values)) : Optional.empty());
    }

    private Optional<LocalDate> date(Map<String, String> values) throws MisplacedException {
        if (!hasDates()) {
            return Optional.empty();
        }
        String text = values.containsKey("date")
                ? values.get("date")
                : values.get("yyyy") + "-" + values.get("MM") + "-" + values.get("dd");
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeException e) {
            throw new MisplacedException("'" + text + "' is no date");
        }
    }

    private static EventHubPartition captured(Map<String, String> values) throws MisplacedException {
        String hub = Stream.of("Namespace", "EventHub")
                .filter(values::containsKey)
                .map(values::get)
                .collect(Collectors.joining("/"));
        try {
            return new EventHubPartition(hub, Integer.parseUnsignedInt(values.get("PartitionId")));
        } catch (NumberFormatException e) {
            throw new MisplacedException(
                    "'" + values.get("PartitionId") + "' is no partition of an event hub, a number");
        }
    }
}
