package dev.igarape.model.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.compile.targets.ProjectTargets;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The definitions in the documentation's blocks, which the compiler has to take. */
final class DocumentedDefinitionsTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(yaml|sql)\\R(.*?)^```");
    private static final Pattern TABLES = Pattern.compile("(?m)^(?=(?:raw|trusted|gold)\\.\\w+:)");
    /** A query that says in which file it is. */
    private static final Pattern QUERY = Pattern.compile("-- (\\w+\\.sql)\\R(?s:.*)");

    @TempDir
    private Path folder;

    /**
     * A block of YAML.
     *
     * @param place page and line
     * @param before tables of blocks before it on its page, YAML by name
     * @param queries of its page, by the name of their file
     */
    record Block(String place, String yaml, Map<String, String> before, Map<String, String> queries) {
        private boolean starts(String with) {
            return Pattern.compile("(?m)\\A(\\s*#.*\\R)*" + with).matcher(yaml).lookingAt();
        }

        /** Rows of a test, which {@code ./lake test} runs. */
        private boolean isFixture() {
            return starts("date:");
        }

        /** The tables that it declares, YAML by name. */
        Map<String, String> tables() {
            Map<String, String> tables = new LinkedHashMap<>();
            if (starts("landing:")) {
                yaml.lines()
                        .filter(line -> line.startsWith("landing:"))
                        .forEach(line -> tables.put(
                                "raw.landed_" + tables.size(), "raw.landed_" + tables.size() + ":\n  " + line + "\n"));
                return tables;
            }
            String below = starts("pipeline:") ? outdented(yaml.replaceFirst("(?s).*\\ntables:\\R", "")) : yaml;
            for (String table : TABLES.split(below)) {
                if (TABLES.matcher(table).lookingAt()) {
                    tables.put(table.substring(0, table.indexOf(':')), table);
                }
            }
            return tables;
        }

        /** What the compiler says of it. */
        List<String> faults(TestProject project, Path folder) {
            Map<String, String> tables = tables();
            if (tables.isEmpty()) {
                project.with("targets.yaml", yaml);
                return targetFaults(folder);
            }
            boolean whole = starts("pipeline:");
            String pipeline = whole ? yaml.replaceFirst("(?s)\\A.*?pipeline: (\\w+).*", "$1") : "shop";
            String head = whole ? yaml.replaceFirst("(?s)(\\ntables:\\R).*", "$1") : TestProject.HEAD;
            return new DocumentedProject(tables, before, queries)
                    .in(project, pipeline, head)
                    .diagnostics();
        }

        private static List<String> targetFaults(Path folder) {
            try {
                ProjectTargets.read(folder);
                return List.of();
            } catch (LakeException e) {
                return List.of(e.getMessage());
            }
        }

        @Override
        public String toString() {
            return place;
        }
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void areTaken(Block block) {
        assertThat(block.faults(new TestProject(folder), folder))
                .as(block.yaml())
                .isEmpty();
    }

    @Test
    void whatTheCompilerRefusesIsFound() {
        assertThat(faults("raw.orders:\n  landing: {kafka: {topic: [orders]}}\n"))
                .anyMatch(fault -> fault.contains("unknown key 'topic'"));
        assertThat(faults("landing: {kafka: {topics: [orders]}}\nlanding: {kafka: {topics: []}}\n"))
                .isNotEmpty();
        assertThat(faults("dev: {extends: local, prefx: dev_}\n"))
                .singleElement()
                .asString()
                .contains("prefx");
    }

    private List<String> faults(String yaml) {
        return new Block("here", yaml, Map.of(), Map.of()).faults(new TestProject(folder), folder);
    }

    static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Path page : pages()) {
            String text = Files.readString(page);
            Map<String, String> queries = new LinkedHashMap<>();
            BLOCK.matcher(text)
                    .results()
                    .filter(block -> block.group(1).equals("sql"))
                    .map(block -> QUERY.matcher(block.group(2)))
                    .filter(Matcher::matches)
                    .forEach(query -> queries.put(query.group(1), query.group()));
            Map<String, String> before = new LinkedHashMap<>();
            Matcher matcher = BLOCK.matcher(text);
            while (matcher.find()) {
                if (matcher.group(1).equals("yaml")) {
                    long line = text.substring(0, matcher.start()).lines().count() + 1;
                    Block block = new Block(
                            page.normalize() + ":" + line, outdented(matcher.group(2)), Map.copyOf(before), queries);
                    if (!block.isFixture()) {
                        blocks.add(block);
                        before.putAll(block.tables());
                    }
                }
            }
        }
        assertThat(blocks).hasSizeGreaterThan(25);
        return blocks;
    }

    /** Without the indentation that all lines have; an empty last line would count as one without any. */
    private static String outdented(String text) {
        return text.stripTrailing().stripIndent() + "\n";
    }

    private static List<Path> pages() throws IOException {
        Path home = ShippedPipelinesTest.PROJECT;
        List<Path> pages = new ArrayList<>(List.of(home.resolve("README.md"), home.resolve("README.pt-BR.md")));
        for (Path folder : List.of(home.resolve("docs"), home.resolve("pipelines"))) {
            try (Stream<Path> files = Files.walk(folder, 2)) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
            }
        }
        return pages;
    }
}
