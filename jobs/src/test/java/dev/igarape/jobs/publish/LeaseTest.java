package dev.igarape.jobs.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.storage.AtomicFiles;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LeaseTest {
    private static final Instant NOON = Instant.parse("2024-01-01T12:00:00Z");
    private static final Duration EXPIRY = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private AtomicFiles files;

    @BeforeEach
    void open() throws IOException {
        files = new AtomicFiles(
                new Configuration(),
                new org.apache.hadoop.fs.Path(folder.resolve("t").toUri()));
    }

    @Test
    void aReleasedLeaseIsFree() throws Exception {
        acquire("first", NOON).close();
        try (Lease second = acquire("second", NOON)) {
            assertThat(second.isHeld()).isTrue();
        }
    }

    @Test
    void aLiveLeaseIsWaitedForThenReported() throws Exception {
        try (Lease held = acquire("first", NOON)) {
            assertThatThrownBy(() -> Lease.acquire(files, "second", ticking(NOON), EXPIRY, Duration.ofSeconds(3)))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("another job has held")
                    .hasMessageContaining("./lake repair");
            assertThat(held.isHeld()).isTrue();
        }
    }

    @Test
    void anExpiredLeaseIsFollowedAndItsOwnerCanTell() throws Exception {
        Lease stalled = acquire("first", NOON);
        Lease next = acquire("second", NOON.plus(EXPIRY).plusSeconds(1));
        assertThat(stalled.isHeld()).isFalse();
        assertThat(next.isHeld()).isTrue();
    }

    @Test
    void aLeaseOfAClockThatWasFarAheadIsFollowedAndOneALittleAheadIsWaitedFor() throws Exception {
        Lease ahead = acquire("first", NOON.plus(Duration.ofDays(365)));
        Lease next = acquire("second", NOON.plus(EXPIRY));
        assertThat(ahead.isHeld()).isFalse();
        assertThatThrownBy(() -> Lease.acquire(files, "third", ticking(NOON), EXPIRY, Duration.ofSeconds(3)))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("another job has held");
        assertThat(next.isHeld()).isTrue();
    }

    @Test
    void aStalledOwnersReleaseDoesNotFreeTheNextOnesLease() throws Exception {
        Lease stalled = acquire("first", NOON);
        Instant later = NOON.plus(EXPIRY).plusSeconds(1);
        try (Lease next = acquire("second", later)) {
            stalled.close();
            assertThat(next.isHeld()).isTrue();
            assertThatThrownBy(() -> Lease.acquire(files, "third", ticking(later), EXPIRY, Duration.ofSeconds(3)))
                    .isInstanceOf(LakeException.class);
        }
    }

    private Lease acquire(String owner, Instant at) throws Exception {
        return Lease.acquire(files, owner, Clock.fixed(at, ZoneOffset.UTC), EXPIRY, Duration.ofSeconds(1));
    }

    /** A clock that moves one second each time that it is asked. */
    private static Clock ticking(Instant start) {
        return new Clock() {
            private Instant now = start;

            @Override
            public Instant instant() {
                now = now.plusSeconds(1);
                return now;
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        };
    }
}
