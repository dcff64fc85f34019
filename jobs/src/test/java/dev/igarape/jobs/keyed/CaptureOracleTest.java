package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tables of captured changes are what {@link ChangedShop} has, in whatever order and steps the changes come. */
@ExtendWith(TestServers.class)
@Timeout(900)
final class CaptureOracleTest {
    private static final int STEPS = 3;
    private static final long SEED = 16;

    private static LocalLake local;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    private static ChangedShop shop() {
        return new ChangedShop(SEED)
                .beginAgainAndAgain("shop", 5_000, 60)
                .run(150)
                .lose(30)
                // Another database: its log begins anew, at a smaller number.
                .begin("shop_2", 100, 20)
                .run(60);
    }

    @Test
    void aCurrentTableIsTheDatabaseInAnyOrder() throws Exception {
        ChangedShop shop = shop();
        CaptureLake lake = new CaptureLake(local, "cdc_current_", CaptureLake.current("shop", "shop_2"));
        for (List<String> step : ChangedShop.shuffled(shop.envelopes(), STEPS, new Random(SEED))) {
            lake.take(step);
        }
        assertThat(shop.rows()).hasSizeGreaterThan(10);
        assertThat(lake.rows()).isEqualTo(shop.rows());
        assertThat(lake.quarantined()).isZero();
    }

    @Test
    void aHistoryIsWhatHeldInAnyOrder() throws Exception {
        ChangedShop shop = shop();
        CaptureLake lake = new CaptureLake(local, "cdc_history_", CaptureLake.history("shop", "shop_2"));
        for (List<String> step : ChangedShop.shuffled(shop.envelopes(), STEPS, new Random(SEED + 1))) {
            lake.take(step);
        }
        assertThat(shop.versions()).hasSizeGreaterThan(200);
        assertThat(lake.versions()).isEqualTo(shop.versions());
    }

    @Test
    void aDatabaseThatIsMadeAnewUnderOneNameIsRefusedInAnyOrder() throws Exception {
        ChangedShop shop = new ChangedShop(SEED)
                .begin("shop", 5_000, 20)
                .run(10)
                .lose(5)
                .begin("shop", 100, 20)
                .run(5);
        CaptureLake lake = new CaptureLake(local, "cdc_anew_", CaptureLake.current());
        for (List<String> step : ChangedShop.shuffled(shop.envelopes(), STEPS, new Random(SEED))) {
            // Each has changes of both, and those of a refused one come again with the next.
            assertThatThrownBy(() -> lake.take(step))
                    .isInstanceOfSatisfying(
                            LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION));
        }
    }
}
