package dev.igarape.jobs.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.model.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RowsByCommitTest {
    @Test
    void sumsRowsOfTheSameCommits() {
        RowsByCommit sum = RowsByCommit.sum(
                List.of(RowsByCommit.of(3, 1), RowsByCommit.of(Map.of("1-2", 5L, "7", 2L)), RowsByCommit.of(7, 3)));
        assertThat(sum).hasToString("{1-2=5, 3=1, 7=5}");
        assertThat(sum.joined()).hasToString("{1-3=6, 7=5}");
        assertThat(sum.commits()).hasToString("1-3,7");
        assertThat(sum.last()).hasValue(7);
        assertThat(RowsByCommit.NONE.last()).isEmpty();
    }

    @Test
    void isAnObjectByRange() throws JsonProcessingException {
        RowsByCommit rows = RowsByCommit.of(Map.of("62", 12L, "1-60", 6000L));
        String json = Json.mapper().writeValueAsString(rows);
        assertThat(json).isEqualTo("{\"1-60\":6000,\"62\":12}");
        assertThat(Json.mapper().readValue(json, RowsByCommit.class)).isEqualTo(rows);
    }

    @Test
    void refusesCommitsThatAreListedTwice() {
        assertThatThrownBy(() -> RowsByCommit.of(Map.of("1-5", 1L, "5", 1L)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
