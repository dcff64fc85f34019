package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.model.Source;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/** Lists the files of a landing's path. */
final class FileSearch {
    private static final String DATE = "{date}";
    private static final String AUTHORITY = "^[a-z][a-z0-9+.-]*://[^/]*";
    private static final String DIGITS = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]";

    private final Lake lake;
    private final TableName table;
    private final ZoneId timezone;

    FileSearch(Lake lake, TableName table, ZoneId timezone) {
        this.lake = lake;
        this.table = table;
        this.timezone = timezone;
    }

    /**
     * All files that match the path, ordered by name, except those that are still being written: files open on HDFS,
     * hidden ones ({@code _x}, {@code .x}) and partial copies ({@code x._COPYING_}, {@code x.tmp}).
     *
     * @throws LakeException NO_INPUT if the folder above the first pattern does not exist; DEFINITION if {@code {date}}
     *     matches something that is not a date
     */
    List<FoundFile> files(Source.Files source) throws IOException {
        String expanded = lake.expand(source.path());
        String declared = expanded.startsWith("/") ? lake.target().hdfs() + expanded : expanded;
        Path pattern = new Path(declared.replace(DATE, DIGITS));
        FileSystem files = pattern.getFileSystem(lake.hadoop());
        requireFolder(files, pattern, declared);
        FileStatus[] found = Optional.ofNullable(files.globStatus(pattern)).orElse(new FileStatus[0]);
        List<FoundFile> list = new ArrayList<>();
        for (FileStatus status : found) {
            if (status.isFile() && isComplete(files, status.getPath())) {
                Instant modified = Instant.ofEpochMilli(status.getModificationTime());
                list.add(new FoundFile(
                        status.getPath(), status.getLen(), modified, date(declared, status.getPath(), modified)));
            }
        }
        list.sort(Comparator.comparing(FoundFile::name));
        return list;
    }

    private static boolean isComplete(FileSystem files, Path path) throws IOException {
        String name = path.getName();
        if (name.startsWith("_") || name.startsWith(".") || name.endsWith("._COPYING_") || name.endsWith(".tmp")) {
            return false;
        }
        return !(files instanceof DistributedFileSystem hdfs) || hdfs.isFileClosed(path);
    }

    /** A misspelt folder is an error; a folder without new files is not. */
    private void requireFolder(FileSystem files, Path pattern, String declared) throws IOException {
        Path folder = pattern;
        while (folder.getParent() != null
                && (folder == pattern || folder.toUri().getPath().matches(".*[*?\\[].*"))) {
            folder = folder.getParent();
        }
        if (!files.exists(folder)) {
            throw new LakeException(
                    ExitCode.NO_INPUT,
                    "Cannot land " + table + ": there is no folder " + folder + ", in which " + declared
                            + " looks for files. Create it, or mend the path.");
        }
    }

    private LocalDate date(String declared, Path path, Instant modified) {
        int at = declared.indexOf(DATE);
        if (at < 0) {
            return LocalDate.ofInstant(modified, timezone);
        }
        String[] parts = declared.replaceFirst(AUTHORITY, "").split(Pattern.quote(DATE), 2);
        Matcher matcher = Pattern.compile(regex(parts[0]) + "(" + DIGITS + ")" + regex(parts[1]))
                .matcher(path.toUri().getPath());
        if (matcher.matches()) {
            try {
                return LocalDate.parse(matcher.group(1));
            } catch (DateTimeException e) {
                throw new LakeException(
                        ExitCode.DEFINITION,
                        "Cannot land " + table + ": '" + matcher.group(1) + "' in " + path
                                + " is no date. Rename the file or move it away; nothing of this run was committed.",
                        e);
            }
        }
        throw new IllegalStateException(path + " does not fit " + declared);
    }

    /** Converts a glob of {@code *} and {@code ?} to a regular expression. */
    private static String regex(String glob) {
        StringBuilder regex = new StringBuilder();
        for (char c : glob.toCharArray()) {
            regex.append(c == '*' ? "[^/]*" : c == '?' ? "[^/]" : Pattern.quote(String.valueOf(c)));
        }
        return regex.toString();
    }
}
