package dev.igarape.api.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LookupCacheTest {
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger loads = new AtomicInteger();
    private final LookupCache<Integer> cache =
            new LookupCache<>(value -> Duration.ofSeconds(5), Duration.ofSeconds(1), nanos::get);

    @Test
    void keepsAValueForItsTimeOnly() {
        assertThat(load().result()).isEqualTo(1);
        nanos.addAndGet(Duration.ofSeconds(5).toNanos() - 1);
        assertThat(load().result()).isEqualTo(1);
        nanos.addAndGet(1);
        assertThat(load().result()).isEqualTo(2);
    }

    @Test
    void keepsAFailureBriefly() {
        assertThat(cache.get("key", () -> Future.failedFuture("down")).failed()).isTrue();
        assertThat(load().failed()).isTrue();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(load().result()).isEqualTo(1);
    }

    @Test
    void asksOnceForAllThatWait() {
        Promise<Integer> answer = Promise.promise();
        Future<Integer> first = cache.get("key", answer::future);
        Future<Integer> second = load();
        assertThat(second.isComplete()).isFalse();
        answer.complete(7);
        assertThat(first.result()).isEqualTo(7);
        assertThat(second.result()).isEqualTo(7);
        assertThat(loads).hasValue(0);
    }

    @Test
    void forgets() {
        load();
        cache.forget("key");
        assertThat(load().result()).isEqualTo(2);
    }

    @Test
    void staysBounded() {
        for (int i = 0; i < 50_000; i++) {
            cache.get("key" + i, () -> Future.succeededFuture(1));
        }
        assertThat(cache.size()).isLessThanOrEqualTo(10_000);
    }

    private Future<Integer> load() {
        return cache.get("key", () -> Future.succeededFuture(loads.incrementAndGet()));
    }
}
