package dev.igarape.cli.command.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.cli.stack.server.Live;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Definition;
import dev.igarape.model.Input;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Manifest;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.ViewDefinition;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LiveSelectionTest {
    private static final Definition TOPIC = new LandingDefinition(
            new Source.Kafka(List.of("clicks"), "earliest", "json", Optional.empty(), Optional.empty()));
    private static final Definition HTTP =
            new LandingDefinition(new Source.Http("http://a", Map.of(), "json", Optional.empty()));
    private static final Definition INTERVALS =
            new DailyDefinition("SELECT 1", Optional.of("at"), Optional.of(Duration.ofMinutes(5)));
    private static final Definition DAILY = new DailyDefinition("SELECT 1");
    private static final Definition VIEW = new ViewDefinition("SELECT 1");

    private final Manifest manifest = new Manifest(
            Manifest.VERSION,
            List.of(
                    pipeline(
                            "clicks",
                            table("raw.clicks", TOPIC),
                            table("trusted.clicks", INTERVALS, "raw.clicks"),
                            table("gold.days", DAILY, "trusted.clicks"),
                            table("gold.clicks", VIEW, "trusted.clicks")),
                    pipeline("prices", table("raw.prices", HTTP), table("trusted.prices", INTERVALS, "raw.prices")),
                    pipeline("views", table("gold.one", VIEW))));

    private static Pipeline pipeline(String name, Table... tables) {
        return new Pipeline(
                name, "", "me", "@daily", LocalDate.of(2024, 1, 1), ZoneOffset.UTC, List.of(), List.of(tables));
    }

    private static Table table(String name, Definition definition, String... inputs) {
        return new Table(
                TableName.parse(name),
                "",
                definition,
                Map.of(),
                Stream.of(inputs)
                        .map(input -> new Input(TableName.parse(input), 0))
                        .toList(),
                List.of(),
                "forever",
                "hash");
    }

    private LiveSelection select(String... selectors) {
        return LiveSelection.of(manifest, List.of(selectors));
    }

    @Test
    void takesAllThatCanBeBuiltLiveWhereNothingIsNamed() {
        assertThat(select().tables())
                .extracting(TableName::toString)
                .containsExactly("raw.clicks", "trusted.clicks", "trusted.prices");
        assertThat(select().left())
                .extracting(TableName::toString)
                .containsExactly("gold.days", "gold.clicks", "raw.prices", "gold.one");
    }

    @Test
    void leavesOutWhatAPipelineOrAPlusBrings() {
        assertThat(select("clicks").left()).extracting(TableName::toString).containsExactly("gold.days", "gold.clicks");
        assertThat(select("raw.clicks+").left())
                .extracting(TableName::toString)
                .containsExactly("gold.days", "gold.clicks");
        assertThat(select("+trusted.prices").tables())
                .extracting(TableName::toString)
                .containsExactly("trusted.prices");
    }

    @Test
    void takesATableOfWholeDatesThatIsNamedItself() {
        assertThat(select("clicks,gold.days").tables())
                .extracting(TableName::toString)
                .containsExactly("raw.clicks", "trusted.clicks", "gold.days");
    }

    @Test
    void refusesATableThatIsNamedAndCanNotBeBuiltLive() {
        assertThatThrownBy(() -> select("raw.clicks,gold.clicks"))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("gold.clicks can't be built live")
                .hasMessageContaining("./lake run");
        assertThatThrownBy(() -> select("raw.prices+")).hasMessageContaining("raw.prices can't be built live");
        assertThatThrownBy(() -> select("views")).hasMessageContaining("nothing to build live");
        assertThatThrownBy(() -> select("nonesuch"))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
    }

    @Test
    void aSecondStartSaysWhatRuns() {
        Live.Request running = request("m1", "1s", "raw.clicks", "trusted.clicks");
        assertThat(LiveStartCommand.refusal(running, request("m1", "1s", "raw.clicks")))
                .isEqualTo("The live service runs already, with raw.clicks, trusted.clicks. Stop it first: ./lake live"
                        + " stop");
        assertThat(LiveStartCommand.refusal(running, request("m1", "2s", "raw.clicks", "trusted.clicks")))
                .contains("the same tables every 1s");
        assertThat(LiveStartCommand.refusal(running, request("m2", "1s", "raw.clicks", "trusted.clicks")))
                .contains("by other definitions, by another build");
    }

    private static Live.Request request(String manifest, String every, String... tables) {
        return new Live.Request(
                manifest, "target.json", Stream.of(tables).map(TableName::parse).toList(), every);
    }
}
