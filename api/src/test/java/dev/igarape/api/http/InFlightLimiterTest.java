package dev.igarape.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class InFlightLimiterTest {
    private final InFlightLimiter budget = new InFlightLimiter(2, 100);

    @Test
    void boundsRequests() {
        InFlightLimiter.Lease first = budget.lease();
        budget.lease();
        assertThatThrownBy(budget::lease).hasMessageContaining("2 requests are under way, the most allowed");
        first.close();
        budget.lease();
        assertThat(budget.requests()).isEqualTo(2);
    }

    @Test
    void boundsBytes() {
        InFlightLimiter.Lease first = budget.lease();
        InFlightLimiter.Lease second = budget.lease();
        first.grow(60);
        second.grow(40);
        assertThatThrownBy(() -> second.grow(1)).hasMessageContaining("hold 100 bytes, the most allowed");
        first.close();
        second.grow(60);
        assertThat(budget.bytes()).isEqualTo(100);
    }

    @Test
    void givesBackOnce() {
        InFlightLimiter.Lease lease = budget.lease();
        lease.grow(10);
        lease.close();
        lease.close();
        lease.grow(10);
        assertThat(budget.requests()).isZero();
        assertThat(budget.bytes()).isZero();
    }
}
