package dev.igarape.model.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RunOutputTest {
    @Test
    void aLineMayHoldHalfASurrogatePair() throws Exception {
        String cut = "caf\u00e9 \uD83D\uDE00 \uD83D";
        for (RunOutput line : List.of(RunOutput.out(cut), RunOutput.err(cut), RunOutput.moved(cut))) {
            byte[] sent = Json.mapper().writeValueAsBytes(line);
            assertThat(Json.mapper().readValue(sent, RunOutput.class)).isEqualTo(line);
        }
        assertThat(RunOutput.out(cut).out()).hasValue("caf\u00e9 \uD83D\uDE00 ?");
    }
}
