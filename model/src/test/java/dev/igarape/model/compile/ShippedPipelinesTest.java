package dev.igarape.model.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.Input;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Manifest;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ShippedPipelinesTest {
    static final Path PROJECT = Path.of("..");

    private final Manifest manifest =
            new ProjectCompiler(new TinySqlParser()).compile(PROJECT).orThrow();

    @Test
    void compileInBuildOrder() {
        assertThat(manifest.pipelines())
                .extracting(Pipeline::name)
                .containsExactly("bookstore", "clickstream", "insights", "landed_insights", "retail", "shop", "users");
        assertThat(manifest.pipeline("insights").orElseThrow().tables())
                .extracting(table -> table.name().toString())
                .containsExactly("raw.insights", "trusted.insights", "gold.grouped_insights", "gold.insights_trend");
    }

    @Test
    void landAsDeclared() {
        assertThat(table("raw.insights").definition())
                .isEqualTo(new LandingDefinition(new Source.Http(
                        "${EVENTS_API}/v1/random/insights",
                        Map.of("date", "{date}", "count", "1000"),
                        "json",
                        Optional.empty())));
        assertThat(table("raw.appclickstream").definition())
                .isEqualTo(new LandingDefinition(new Source.Kafka(
                        List.of("appclickstream"), "earliest", "avro", Optional.of("event_time"), Optional.empty())));
    }

    @Test
    void landFilesWhereAirflowPutsThem() throws IOException {
        LandingDefinition landing =
                (LandingDefinition) table("raw.landed_insights").definition();
        Source.Files files = (Source.Files) landing.source();
        String dag = Files.readString(PROJECT.resolve("dags/insights_landing.py"));

        assertThat(files.path()).isEqualTo("/landing/insights/date={date}/*.json");
        assertThat(dag).contains("path=\"" + files.path().replace("*", "insights") + "\"");
    }

    @Test
    void readWhatTheirSqlSays() {
        assertThat(table("trusted.insights").inputs()).containsExactly(new Input(TableName.parse("raw.insights"), 0));
        assertThat(table("gold.clickstream_pages").inputs())
                .containsExactly(new Input(TableName.parse("gold.clickstream_daily"), 0));
    }

    private Table table(String name) {
        return manifest.table(TableName.parse(name)).orElseThrow();
    }
}
