package dev.igarape.cli.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.LakeException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StartPositionTest {
    private static final TopicPartition LONG = new TopicPartition("t", 0);
    private static final TopicPartition SHORT = new TopicPartition("t", 1);

    @ParameterizedTest
    @CsvSource({"earliest, 10, 0", "latest, 100, 3", "20, 20, 3", "5, 10, 3", "0, 10, 0", "-5, 95, 0", "-1, 99, 2"})
    void beginsWithinEachPartition(String text, long inLong, long inShort) {
        try (MockConsumer<byte[], byte[]> kafka = new MockConsumer<>("earliest")) {
            kafka.assign(List.of(LONG, SHORT));
            kafka.updateBeginningOffsets(Map.of(LONG, 10L, SHORT, 0L));
            kafka.updateEndOffsets(Map.of(LONG, 100L, SHORT, 3L));
            StartPosition.parse(text).seek(kafka, List.of(LONG, SHORT));
            assertThat(kafka.position(LONG)).isEqualTo(inLong);
            assertThat(kafka.position(SHORT)).isEqualTo(inShort);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "newest", "1.5", "--5", "99999999999999999999", "2024-02-30T00:00:00Z"})
    void saysWhatItTakes(String text) {
        assertThatThrownBy(() -> StartPosition.parse(text))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("Cannot begin at '" + text + "'. Give earliest, latest");
    }
}
