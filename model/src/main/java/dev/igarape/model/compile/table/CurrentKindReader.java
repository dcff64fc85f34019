package dev.igarape.model.compile.table;

import dev.igarape.model.Definition;
import dev.igarape.model.DurationText;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.yaml.YamlMap;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** {@code current}: the latest row of each key, of the events that Spark SQL gives over the inputs of each date. */
final class CurrentKindReader extends KeyedKindReader {
    private static final String TOMBSTONES = "tombstones";
    private static final String TOMBSTONES_REMEDY =
            "Write for example `tombstones: 30 days` or `48 hours`, or leave it out: deletions are then remembered for good.";

    CurrentKindReader() {
        super(
                "Write `current: {sql: customers.sql, keys: [customer_id], sequence_by: [updated_at]}`.",
                List.of(TOMBSTONES));
    }

    @Override
    public String key() {
        return "current";
    }

    @Override
    public Class<Definition.Current> definition() {
        return Definition.Current.class;
    }

    @Override
    Optional<Definition.Current> definition(YamlMap table, YamlMap body, Common common, PipelineFolder folder) {
        return Optional.of(new Definition.Current(
                common.sql(),
                common.keys(),
                common.sequenceBy(),
                common.deleteWhen(),
                common.changeFeed(),
                common.cdc(),
                tombstones(body, common, folder)));
    }

    /** How long deletions are remembered; what is wrong is reported. */
    private static Optional<Duration> tombstones(YamlMap body, Common common, PipelineFolder folder) {
        Optional<SourceText> text = body.anyScalar(TOMBSTONES, TOMBSTONES_REMEDY);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        SourceText written = text.get();
        if (common.cdc().isPresent()) {
            folder.diagnostics()
                    .add(
                            written.location(),
                            "'tombstones' of a current table with 'cdc': what is known of each key is kept for good",
                            "Take it out.");
            return Optional.empty();
        }
        if (common.deleteWhen().isEmpty()) {
            folder.diagnostics()
                    .add(
                            written.location(),
                            "'tombstones' without 'delete_when': no event deletes",
                            "Take it out, or say which events delete their key: `delete_when: \"status = 'delete'\"`.");
            return Optional.empty();
        }
        Optional<Duration> kept = DurationText.parse(written.value(), ChronoUnit.HOURS, ChronoUnit.DAYS);
        if (kept.isEmpty()) {
            folder.diagnostics()
                    .add(
                            written.location(),
                            "'" + written.value() + "' is not a time for which deletions are remembered",
                            TOMBSTONES_REMEDY);
        }
        return kept;
    }
}
