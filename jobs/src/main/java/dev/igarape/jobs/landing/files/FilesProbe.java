package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.kind.SourceProbe;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.landing.files.folders.Discovery;
import dev.igarape.jobs.landing.files.folders.FileSearch;
import dev.igarape.jobs.landing.files.folders.FoundFile;
import dev.igarape.jobs.landing.files.folders.Reach;
import dev.igarape.jobs.storage.Sha256;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Lists the files of a landing's path, with length and time of modification. Of folders of dates it lists those since the
 * low-water mark of the newest that it has seen; the landing looks into the others.
 */
final class FilesProbe implements SourceProbe {
    private final FileSearch search;
    private final Discovery discovery;
    private Optional<LocalDate> newest = Optional.empty();

    FilesProbe(Lake lake, Table table, Source.Files source) {
        this.search = new FileSearch(lake, table.name(), lake.timezone(table), source);
        this.discovery = new Discovery(lake, table.name(), lake.timezone(table), source);
    }

    @Override
    public SourceState state() throws IOException {
        Map<String, FileLook> looks = new TreeMap<>();
        StringBuilder version = new StringBuilder();
        for (FoundFile file : files()) {
            looks.put(file.name(), new FileLook(file.length(), file.modified()));
            version.append(file.name())
                    .append(' ')
                    .append(file.length())
                    .append(' ')
                    .append(file.modified())
                    .append('\n');
        }
        return new SourceState(Sha256.of(version.toString().getBytes(StandardCharsets.UTF_8)), Map.of(), looks);
    }

    private List<FoundFile> files() throws IOException {
        if (!search.hasDates()) {
            return search.files(Reach.ALL).files();
        }
        List<FoundFile> files = search.files(newest.map(date -> Reach.since(discovery.lowWater(date), List.of()))
                        .orElse(Reach.ALL))
                .files();
        files.stream().map(FoundFile::date).max(LocalDate::compareTo).ifPresent(date -> newest = Optional.of(date));
        // The first time, too, so that the next state is the same where nothing has changed.
        return newest.isEmpty()
                ? files
                : files.stream()
                        .filter(file -> !file.date().isBefore(discovery.lowWater(newest.get())))
                        .toList();
    }

    @Override
    public void close() {
        // File systems belong to the process.
    }
}
