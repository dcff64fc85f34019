package dev.igarape.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ManifestFileTest {
    private static final Manifest MANIFEST = new Manifest(
            Manifest.VERSION,
            List.of(new Pipeline(
                    "shop",
                    "Água e pão.",
                    "data-platform",
                    "@daily",
                    LocalDate.of(2024, 1, 1),
                    ZoneId.of("America/Sao_Paulo"),
                    List.of("sales"),
                    List.of(
                            table(
                                    "raw.orders",
                                    new LandingDefinition(new Source.Kafka(
                                            List.of("orders"),
                                            "earliest",
                                            "avro",
                                            Optional.of("at"),
                                            Optional.of(Source.Kafka.RECORD_NAME)))),
                            table(
                                    "raw.prices",
                                    new LandingDefinition(
                                            new Source.Files(
                                                    "/landing/{date}/*.csv", "csv", ";", List.of("id"), "UTF-8"),
                                            Optional.of(new CommitRule(
                                                    Optional.of(Duration.ofMinutes(5)), Optional.of(1024L))))),
                            table(
                                    "raw.customers",
                                    new LandingDefinition(new Source.Jdbc(
                                            "${DB}",
                                            "",
                                            "${PASSWORD}",
                                            "public.customers",
                                            Optional.of("at"),
                                            Map.of("id", "Id")))),
                            table(
                                    "raw.rates",
                                    new LandingDefinition(new Source.Http(
                                            "http://a/b",
                                            Map.of("date", "{date}"),
                                            "json",
                                            Optional.of(new Source.Pages("page", 1, 9))))),
                            table("trusted.orders", new DailyDefinition("SELECT 1")),
                            new Table(
                                    TableName.parse("trusted.clicks"),
                                    "",
                                    new DailyDefinition(
                                            "SELECT 1", Optional.of("at"), Optional.of(Duration.ofMinutes(5))),
                                    Map.of("at", "timestamp"),
                                    List.of(new Input(
                                            TableName.parse("raw.orders"), 0, Optional.of(Duration.ofMinutes(10)))),
                                    List.of(),
                                    "forever",
                                    "00ff"),
                            table(
                                    "trusted.customers",
                                    new CurrentDefinition(
                                            "SELECT 1",
                                            List.of("id", "region"),
                                            List.of("at"),
                                            Optional.of("status = 'delete'"),
                                            true,
                                            Optional.empty(),
                                            Optional.of(Duration.ofDays(30)),
                                            List.of("name"),
                                            Optional.of(KeyedDefinition.AmbiguousSequence.FAIL))),
                            table(
                                    "trusted.books",
                                    new CurrentDefinition(
                                            "SELECT 1", List.of("id"), List.of("at", "n"), Optional.empty(), false)),
                            new Table(
                                    TableName.parse("gold.sales"),
                                    "",
                                    new DailyDefinition("SELECT 1"),
                                    Map.of(),
                                    List.of(
                                            new Input(TableName.parse("trusted.orders"), 0),
                                            Input.snapshot(TableName.parse("trusted.customers"), Refresh.ALWAYS)),
                                    List.of(),
                                    "forever",
                                    "00ff"),
                            table("gold.orders", new ViewDefinition("SELECT 1"))))));

    @TempDir
    private Path folder;

    @Test
    void readsWhatItWrote() throws IOException {
        Path file = folder.resolve("out/manifest.json");
        ManifestFile.write(MANIFEST, file);
        ManifestFile.write(MANIFEST, file);
        assertThat(ManifestFile.read(file)).isEqualTo(MANIFEST);
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void writesReadableText() {
        assertThat(ManifestFile.text(MANIFEST))
                .startsWith("{\n  \"version\" : 2,\n  \"pipelines\" : [\n    {\n      \"name\" : \"shop\",")
                .contains("\"start_date\" : \"2024-01-01\"", "\"timezone\" : \"America/Sao_Paulo\"", "Água e pão.")
                .endsWith("}\n");
    }

    @Test
    void writesDurationsAsSeconds() {
        assertThat(ManifestFile.text(MANIFEST))
                .contains("\"time\" : \"at\",\n            \"interval_seconds\" : 300\n")
                .contains("\"lookback\" : 0,\n              \"lookback_seconds\" : 600\n")
                .contains("\"tombstones_seconds\" : 2592000,\n")
                .containsOnlyOnce("interval_seconds")
                .containsOnlyOnce("lookback_seconds");
    }

    @Test
    void writesKeysAndTheirSequence() {
        assertThat(ManifestFile.text(MANIFEST))
                .containsPattern("\"kind\" : \"current\",\\s+\"sql\" : \"SELECT 1\",\\s+\"keys\" : \\[\\s*\"id\",\\s*"
                        + "\"region\"\\s*],\\s+\"sequence_by\" : \\[\\s*\"at\"\\s*],\\s+\"delete_when\" : \"status = 'delete'\","
                        + "\\s+\"change_feed\" : true")
                .containsOnlyOnce("delete_when")
                .containsOnlyOnce("\"ambiguous_sequence\" : \"fail\"")
                .contains("\"keyed\"");
    }

    @Test
    void writesWhenAnInputWithoutDatesMakesDatesStale() {
        assertThat(ManifestFile.text(MANIFEST))
                .containsPattern("\"table\" : \"trusted.customers\",\\s+\"lookback\" : 0,\\s+\"refresh\" : \"always\"")
                .containsOnlyOnce("\"refresh\"");
    }

    @Test
    void writesWhenALandingCommitsWhereThatIsDeclared() {
        assertThat(ManifestFile.text(MANIFEST))
                .containsPattern("\"commit\" : \\{\\s+\"every_seconds\" : 300,\\s+\"or_size_bytes\" : 1024\\s+}")
                .containsOnlyOnce("\"commit\"");
    }

    @Test
    void keepsTheOldFileWhereItCannotWrite() throws IOException {
        Path file = Files.createDirectory(folder.resolve("manifest.json"));
        Files.writeString(file.resolve("kept"), "");
        assertThatThrownBy(() -> ManifestFile.write(MANIFEST, file))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("Cannot write");
        assertThat(file.resolve("kept")).exists();
    }

    @Test
    void refusesOtherVersions() {
        assertRefused("{\"version\": 1, \"pipelines\": []}")
                .hasMessage("manifest.json has version 1, but this Igarapé reads version 2. Write it anew with"
                        + " ./lake compile.");
        assertRefused("{\"pipelines\": []}").hasMessageContaining("has version none");
        assertRefused("{\"version\": \"2\", \"pipelines\": []}").hasMessageContaining("has version \"2\"");
        assertRefused("[]").hasMessageContaining("has version none");
    }

    @Test
    void refusesWhatIsNoManifest() {
        assertRefused("{\"version\": 2, \"pip").hasMessageContaining("is not a manifest");
        assertRefused("{\"version\": 2, \"pipelines\": [], \"x\": 1}").hasMessageContaining("is not a manifest");
        assertRefused("").hasMessageContaining("version none");
    }

    @Test
    void saysThatThereIsNone() {
        assertThatThrownBy(() -> ManifestFile.read(folder.resolve("none.json")))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("There is no manifest at")
                .hasMessageEndingWith("Write it with ./lake compile.");
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(String text) {
        return assertThatThrownBy(() -> ManifestFile.parse(text, "manifest.json"))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION));
    }

    private static Table table(String name, Definition definition) {
        return new Table(
                TableName.parse(name),
                "",
                definition,
                Map.of("id", "bigint"),
                List.of(new Input(TableName.parse("raw.orders"), 2)),
                List.of(new Expectation("known", "id > 0", Expectation.Action.WARN)),
                "7 days",
                "00ff");
    }
}
