package dev.igarape.jobs.landing.kafka.datum;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IsoTimeTest {
    @Test
    void agreesWithJavaTimeOnEveryDay() {
        LocalDate last = LocalDate.of(9999, 12, 31);
        for (LocalDate day = LocalDate.of(0, 1, 1); !day.isAfter(last); day = day.plusDays(17)) {
            IsoTime time = parse(day.toString());
            assertThat(time.kind()).isEqualTo(EventTimeKind.LOCAL_DAY);
            assertThat(time.value()).as(day.toString()).isEqualTo(day.toEpochDay());
        }
    }

    @Test
    void agreesWithJavaTimeOnMoments() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            OffsetDateTime moment = OffsetDateTime.ofInstant(
                    Instant.ofEpochSecond(random.nextInt() * 20L, random.nextInt(1_000_000_000)),
                    ZoneOffset.ofTotalSeconds((random.nextInt(2160) - 1080) * 60));
            IsoTime time = parse(moment.toString());
            assertThat(time.kind()).as(moment.toString()).isEqualTo(EventTimeKind.INSTANT);
            assertThat(time.value())
                    .as(moment.toString())
                    .isEqualTo(moment.toInstant().toEpochMilli());
        }
    }

    @Test
    void acceptsWhatOthersWrite() {
        long millis = Instant.parse("2024-02-29T10:15:30.120Z").toEpochMilli();
        assertInstant("2024-02-29 10:15:30.12Z", millis);
        assertInstant("2024-02-29t10:15:30,12z", millis);
        assertInstant("2024-02-29T12:15:30.12+0200", millis);
        assertInstant("2024-02-29T07:15:30.120999-03", millis);
        IsoTime local = parse("2024-02-29T23:59:59");
        assertThat(local.kind()).isEqualTo(EventTimeKind.LOCAL_TIME);
        assertThat(local.value())
                .isEqualTo(Instant.parse("2024-02-29T23:59:59Z").toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2024",
                "2024-13-01",
                "2024-00-01",
                "2023-02-29",
                "2024-04-31",
                "2024-01-01T",
                "2024-01-01T24:00",
                "2024-01-01T10:60",
                "2024-01-01T10:00:60",
                "2024-01-01T10",
                "2024-01-01T10:00:00.",
                "2024-01-01Z",
                "2024-01-01T10:00:00+19:00",
                "2024-01-01T10:00:00Zx",
                "2024-01-01T10:00:00+1",
                " 2024-01-01",
                "02024-01-01",
                "+2024-01-01",
                "2024-1-1",
                "2024-01-01T10:00:00.1234567890",
                "２０２４-01-01"
            })
    void refusesEverythingElse(String text) {
        assertThat(parse(text).kind()).isEqualTo(EventTimeKind.UNREADABLE);
    }

    private static void assertInstant(String text, long millis) {
        IsoTime time = parse(text);
        assertThat(time.kind()).as(text).isEqualTo(EventTimeKind.INSTANT);
        assertThat(time.value()).as(text).isEqualTo(millis);
    }

    private static IsoTime parse(String text) {
        byte[] bytes = (" " + text + "1").getBytes(UTF_8);
        IsoTime time = new IsoTime();
        time.parse(bytes, 1, bytes.length - 1);
        return time;
    }
}
