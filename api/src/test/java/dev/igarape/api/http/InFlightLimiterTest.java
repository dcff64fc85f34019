package dev.igarape.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class InFlightLimiterTest {
    private final InFlightLimiter limiter = new InFlightLimiter(2, 100);

    @Test
    void boundsRequests() {
        InFlightLimiter.Permit first = limiter.acquire();
        limiter.acquire();
        assertThatThrownBy(limiter::acquire).hasMessageContaining("2 requests are under way, the most allowed");
        first.close();
        limiter.acquire();
        assertThat(limiter.requests()).isEqualTo(2);
    }

    @Test
    void boundsBytes() {
        InFlightLimiter.Permit first = limiter.acquire();
        InFlightLimiter.Permit second = limiter.acquire();
        first.reserve(60);
        second.reserve(40);
        assertThatThrownBy(() -> second.reserve(1)).hasMessageContaining("hold 100 bytes, the most allowed");
        first.close();
        second.reserve(60);
        assertThat(limiter.bytes()).isEqualTo(100);
    }

    @Test
    void givesBackOnce() {
        InFlightLimiter.Permit permit = limiter.acquire();
        permit.reserve(10);
        permit.close();
        permit.close();
        permit.reserve(10);
        assertThat(limiter.requests()).isZero();
        assertThat(limiter.bytes()).isZero();
    }
}
