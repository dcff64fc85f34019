package dev.igarape.wire.serde;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireFormatTest {

    @Test
    void putsMagicAndIdInFront() {
        assertThat(WireFormat.frame(0x01020380, new byte[] {9, 8}))
                .isEqualTo(new byte[] {0, 1, 2, 3, (byte) 0x80, 9, 8});
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 255, 256, 0x80_00_00, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
    void readsBackEveryId(int id) {
        assertThat(WireFormat.parse(WireFormat.frame(id, new byte[3]))).isEqualTo(new WireMessage.Payload(id, 5));
    }

    @Test
    void takesAHeaderWithoutDatum() {
        assertThat(WireFormat.parse(new byte[] {0, 0, 0, 0, 7})).isEqualTo(new WireMessage.Payload(7, 5));
    }

    @Test
    void refusesShortMessages() {
        assertThat(WireFormat.parse(new byte[0]))
                .isEqualTo(
                        new WireMessage.Poison("short_message", "The message has 0 bytes; the header alone takes 5."));
        assertThat(WireFormat.parse(new byte[] {0, 0, 0, 1}))
                .isEqualTo(
                        new WireMessage.Poison("short_message", "The message has 4 bytes; the header alone takes 5."));
    }

    @Test
    void refusesOtherMagic() {
        assertThat(WireFormat.parse("{\"a\":1}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new WireMessage.Poison(
                        "bad_magic", "The message starts with byte 0x7b; Confluent's wire format starts with 0x00."));
    }
}
