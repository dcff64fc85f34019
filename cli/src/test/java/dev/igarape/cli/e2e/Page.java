package dev.igarape.cli.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A page of the documentation, followed from top to bottom by somebody in a project's folder: blocks of commands are run
 * by a shell as they stand, a block under a line that ends with a file's name and a colon becomes that file.
 */
final class Page {
    private static final Pattern FENCE = Pattern.compile("\\s*```(\\w*)\\s*");
    private static final Pattern FILE = Pattern.compile(".*`([\\w.-]+(?:/[\\w.-]+)+)`:");

    private record Block(String language, String intro, String text) {}

    private final Path file;
    private final LakeCommand lake;
    private final Path project;
    private final Set<String> notRun;
    private final Queue<Block> blocks;

    /**
     * @param lake in the project's folder
     * @param notRun lines that are passed over
     */
    Page(Path file, LakeCommand lake, Path project, Set<String> notRun) throws IOException {
        this.file = file;
        this.lake = lake;
        this.project = project;
        this.notRun = notRun;
        this.blocks = new ArrayDeque<>(blocks(Files.readAllLines(file)));
    }

    private static List<Block> blocks(List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        String intro = "";
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (fence.matches()) {
                int end = i + 1;
                while (!FENCE.matcher(lines.get(end)).matches()) {
                    end++;
                }
                blocks.add(new Block(
                        fence.group(1),
                        intro,
                        String.join("\n", lines.subList(i + 1, end)).stripIndent() + "\n"));
                i = end;
                intro = "";
            } else if (!lines.get(i).isBlank()) {
                intro = lines.get(i).strip();
            }
        }
        return blocks;
    }

    /** The first block of a page in a language that begins so. */
    static String block(Path file, String language, String begin) throws IOException {
        return blocks(Files.readAllLines(file)).stream()
                .filter(block ->
                        block.language().equals(language) && block.text().startsWith(begin))
                .findFirst()
                .orElseThrow(() -> new AssertionError(file + " has no block of " + language + " with " + begin))
                .text();
    }

    /** A line without what it says behind a #. */
    static String bare(String line) {
        return line.replaceFirst("\\s#\\s.*", "").strip();
    }

    /** Runs the next block of commands, once the files before it are written. */
    LakeCommand.Result next() throws IOException, InterruptedException {
        while (true) {
            Block block = blocks.remove();
            if (block.language().equals("sh")) {
                return run(block);
            }
            Matcher named = FILE.matcher(block.intro());
            if (named.matches()) {
                Path path = project.resolve(named.group(1));
                Files.createDirectories(path.getParent());
                Files.writeString(path, block.text());
            }
        }
    }

    /** The next block in this language, which must come before the next commands. */
    String text(String language) {
        Block block = blocks.remove();
        while (!block.language().equals(language)) {
            if (block.language().equals("sh")) {
                throw new AssertionError(file + " has commands before a block of " + language);
            }
            block = blocks.remove();
        }
        return block.text();
    }

    /** Runs all blocks of commands that are left. */
    void rest() throws IOException, InterruptedException {
        while (blocks.stream().anyMatch(block -> block.language().equals("sh"))) {
            next();
        }
    }

    private LakeCommand.Result run(Block block) throws IOException, InterruptedException {
        String script = block.text()
                .lines()
                .filter(line -> !notRun.contains(bare(line)))
                .collect(Collectors.joining("\n"));
        LakeCommand.Result result = lake.execute(List.of("bash", "-euxo", "pipefail", "-c", script), Map.of());
        if (result.status() != 0) {
            throw new AssertionError("%s: ended with status %d%n%s%n%s"
                    .formatted(file.getFileName(), result.status(), result.out(), result.err()));
        }
        return result;
    }
}
