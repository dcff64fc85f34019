package dev.igarape.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.model.Json;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

final class ReferenceTest {
    @Command(name = "lake", subcommands = Sub.class)
    static final class Tool {}

    @Command(name = "sub", description = "Does it.")
    static final class Sub {
        @Option(names = "--date", description = "The date to build.")
        private String date;
    }

    @Test
    void describesEveryCommandAndOption() {
        assertThat(CommandReference.page(new CommandLine(new Tool())))
                .contains("## ./lake sub", "Does it.", "--date=<date>", "The date to build.");
    }

    @Test
    void describesKeysOfTheSchemaWithWhatTheyReferTo() throws JsonProcessingException {
        String page = SchemaReference.page(Json.mapper().readTree("""
                        {"description": "A file.", "required": ["name"], "properties": {
                          "name": {"$ref": "#/$defs/title", "default": "none"},
                          "kind": {"description": "a|b", "enum": ["a", "b"], "default": "a"},
                          "box": {"$ref": "#/$defs/box"}},
                         "$defs": {"title": {"$ref": "#/$defs/text"}, "text": {"type": "string", "description": "<Words>."},
                          "box": {"properties": {"in": {"properties": {"deep": {"type": "integer"}}}}}}}
                        """));

        assertThat(page)
                .contains("# pipeline.yaml\n\nA file.")
                .contains("| `name` (needed) | string | `none` | &lt;Words>. |")
                .contains("| `kind` | `a`, `b` | `a` | a\\|b |")
                .contains("| `box` | [box](#box) |")
                .contains("## box", "| `in.deep` | integer |");
    }

    @Test
    void linksStayGoodInTheSite() {
        String page =
                "[a](start.md) [b](../api/README.md#x) [c](../api/README.md) [d](../pom.xml) [e](https://f.g) [h](#i)";

        assertThat(SiteLinks.within(page, 0))
                .isEqualTo("[a](start.md) b [c](folders/api.md) d [e](https://f.g) [h](#i)");
        assertThat(SiteLinks.within("[a](../design.md) [b](../../dags/README.md)", 1))
                .isEqualTo("[a](../design.md) [b](../folders/dags.md)");
        assertThat(SiteLinks.unlinked(page)).isEqualTo("a b c d [e](https://f.g) [h](#i)");
    }

    @Test
    void theRealReferenceNamesEveryPart() {
        assertThat(Site.reference(new CommandLine(new Tool())))
                .containsOnlyKeys("commands.md", "exit-codes.md", "pipeline.md")
                .hasEntrySatisfying("exit-codes.md", page -> assertThat(page).contains("| 6 | there is no input |"))
                .hasEntrySatisfying(
                        "pipeline.md", page -> assertThat(page).contains("| `schedule` (needed) |", "## http"));
    }
}
