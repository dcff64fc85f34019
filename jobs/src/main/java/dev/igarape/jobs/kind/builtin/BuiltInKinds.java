package dev.igarape.jobs.kind.builtin;

import dev.igarape.jobs.daily.DailyKind;
import dev.igarape.jobs.keyed.KeyedKind;
import dev.igarape.jobs.kind.TableKinds;
import dev.igarape.jobs.landing.files.FilesLandingKind;
import dev.igarape.jobs.landing.http.HttpLandingKind;
import dev.igarape.jobs.landing.jdbc.JdbcLandingKind;
import dev.igarape.jobs.landing.kafka.KafkaLandingKind;
import dev.igarape.jobs.view.ViewKind;
import java.util.List;

/**
 * Registry of the built-in kinds of tables. A kind is also registered for {@code pipeline.yaml}, in {@code
 * KindReader.BUILT_IN}, and for the manifest, in {@code Kinds.BUILT_IN}.
 */
public final class BuiltInKinds {
    public static final TableKinds ALL = new TableKinds(List.of(
            new KafkaLandingKind(),
            new FilesLandingKind(),
            new HttpLandingKind(),
            new JdbcLandingKind(),
            new DailyKind(),
            new KeyedKind(),
            new ViewKind()));

    private BuiltInKinds() {}
}
