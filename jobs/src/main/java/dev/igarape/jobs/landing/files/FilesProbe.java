package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.kind.SourceProbe;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Lists the files of a landing's path, with length and time of modification. */
final class FilesProbe implements SourceProbe {
    private final FileSearch search;
    private final Source.Files source;

    FilesProbe(Lake lake, Table table, Source.Files source) {
        this.search = new FileSearch(lake, table.name(), lake.timezone(table));
        this.source = source;
    }

    @Override
    public SourceState state() throws IOException {
        Map<String, FileLook> looks = new TreeMap<>();
        StringBuilder version = new StringBuilder();
        for (FoundFile file : search.files(source)) {
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

    @Override
    public void close() {
        // File systems belong to the process.
    }
}
