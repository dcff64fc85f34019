package dev.igarape.cli.faults;

import dev.igarape.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which trials of a run have passed, kept in a file so that a run can be resumed. */
final class Progress {
    private final Path file;
    private final long seed;
    private final Set<String> passed = new LinkedHashSet<>();
    private final List<String> skipped = new ArrayList<>();
    private int begun;
    private int ended;

    private record Notes(long seed, Set<String> passed) {}

    private Progress(Path file, long seed) {
        this.file = file;
        this.seed = seed;
    }

    /** @throws IOException also if the run to be resumed had another seed */
    static Progress open(Path file, long seed, boolean resume) throws IOException {
        Progress progress = new Progress(file, seed);
        if (resume && Files.exists(file)) {
            Notes notes = Json.mapper().readValue(file.toFile(), Notes.class);
            if (notes.seed() != seed) {
                throw new IOException("the run to be resumed has seed " + notes.seed() + ", not " + seed);
            }
            progress.passed.addAll(notes.passed());
        }
        return progress;
    }

    boolean isPassed(String id) {
        return passed.contains(id);
    }

    void begins() {
        begun++;
    }

    void passed(String id) throws IOException {
        ended++;
        passed.add(id);
        Files.createDirectories(file.getParent());
        Json.mapper().writeValue(file.toFile(), new Notes(seed, passed));
    }

    /** Notes what can't be tried on this machine. */
    void skips(String what) {
        skipped.add(what);
    }

    List<String> skipped() {
        return skipped;
    }

    boolean isAllPassed() {
        return begun > 0 && begun == ended;
    }
}
