package dev.igarape.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.igarape.cli.DocumentedCommands.Documented;
import dev.igarape.cli.base.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the documentation says, held against the program. */
final class DocumentationTest {
    private static final Path HOME =
            Path.of(System.getProperty("igarape.home", "..")).toAbsolutePath().normalize();
    /** Pages that are made from the code. */
    private static final Pattern MADE = Pattern.compile("reference/.*");

    private static final Pattern LINK = Pattern.compile("(?<!`)\\[[^\\]]*\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^(#+) ");

    private static CommandLine lake() {
        return Lake.commandLine(Workspace.of(HOME, Map.of("HOME", "/nonesuch")));
    }

    @Test
    void everyCommandInTheDocumentationIsOne() throws IOException {
        List<Documented> commands = new ArrayList<>();
        for (Path file : DocumentedCommands.files(HOME)) {
            commands.addAll(DocumentedCommands.of(file));
        }
        assertThat(commands).hasSizeGreaterThan(30);
        assertThat(commands)
                .allSatisfy(command -> assertThatCode(
                                () -> lake().parseArgs(command.arguments().toArray(new String[0])))
                        .as(command.toString())
                        .doesNotThrowAnyException());
    }

    @Test
    void aCommandThatIsNoneIsFound() throws IOException {
        Path page = Files.createTempFile("page", ".md");
        Files.writeString(
                page, "./lake outside\n```sh\nX=1 ./lake run --nonesuch 'a b' # c\n./lake up; ./lake down\n```\n");
        List<Documented> commands = DocumentedCommands.of(page);
        Files.delete(page);
        assertThat(commands)
                .extracting(Documented::arguments)
                .containsExactly(List.of("run", "--nonesuch", "a b"), List.of("up"), List.of("down"));
        assertThatCode(() -> lake().parseArgs("run", "--nonesuch", "a b"))
                .isInstanceOf(CommandLine.UnmatchedArgumentException.class);
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path file : DocumentedCommands.files(HOME)) {
            Matcher links = LINK.matcher(Files.readString(file));
            while (links.find()) {
                String link = links.group(1);
                if (!link.matches("[a-z]+:.*")
                        && !MADE.matcher(link).matches()
                        && !Files.exists(file.resolveSibling(link).normalize())) {
                    broken.add(HOME.relativize(file) + ": " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void thePortugueseReadmeKeepsStepWithTheEnglishOne() throws IOException {
        String english = Files.readString(HOME.resolve("README.md"));
        String portuguese = Files.readString(HOME.resolve("README.pt-BR.md"));

        assertThat(headings(portuguese)).isEqualTo(headings(english));
        assertThat(arguments("README.pt-BR.md")).isEqualTo(arguments("README.md"));
        assertThat(links(portuguese.replace("README.md", "README.pt-BR.md"))).containsExactlyElementsOf(links(english));
        assertThat(blocks(portuguese)).hasSameSizeAs(blocks(english));
        assertThat(portuguese.lines().filter(line -> line.startsWith("|")))
                .hasSameSizeAs(
                        english.lines().filter(line -> line.startsWith("|")).toList());
    }

    @Test
    void everyPageOfTheSiteIsThere() throws IOException {
        Matcher pages =
                Pattern.compile("\"([a-z/-]+\\.md)\"").matcher(Files.readString(HOME.resolve("docs/zensical.toml")));
        List<String> missing = new ArrayList<>();
        while (pages.find()) {
            if (!pages.group(1).matches("(reference|folders)/.*")
                    && !Files.exists(HOME.resolve("docs").resolve(pages.group(1)))) {
                missing.add(pages.group(1));
            }
        }
        assertThat(missing).isEmpty();
    }

    private static List<String> headings(String text) {
        List<String> levels = new ArrayList<>();
        Matcher matcher = HEADING.matcher(text.replaceAll("(?s)```.*?```", ""));
        while (matcher.find()) {
            levels.add(matcher.group(1));
        }
        return levels;
    }

    private static List<String> links(String text) {
        List<String> targets = new ArrayList<>();
        Matcher matcher = LINK.matcher(text);
        while (matcher.find()) {
            targets.add(matcher.group(1));
        }
        return targets;
    }

    private static List<String> blocks(String text) {
        return List.of(text.split("```"));
    }

    private static List<List<String>> arguments(String file) throws IOException {
        return DocumentedCommands.of(HOME.resolve(file)).stream()
                .map(Documented::arguments)
                .toList();
    }
}
