package dev.igarape.api.topics;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A cache of look-ups in another server, by Caffeine. Concurrent callers of a key share one look-up. Failures are cached
 * too, for a shorter time, so that a server that is down isn't asked by every request.
 */
final class LookupCache<V> {
    private static final int MAX_ENTRIES = 10_000;

    private final AsyncCache<String, AsyncResult<V>> entries;

    /**
     * @param timeToLive how long a value is kept, from when it is there
     * @param failureTimeToLive how long a failure is kept
     * @param nanoTime the clock, as {@link System#nanoTime}
     */
    LookupCache(Function<V, Duration> timeToLive, Duration failureTimeToLive, LongSupplier nanoTime) {
        // A failure is a value of the cache: Caffeine drops a future that fails.
        this.entries = Caffeine.newBuilder()
                .maximumSize(MAX_ENTRIES)
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .expireAfter(Expiry.<String, AsyncResult<V>>creating(
                        (key, result) -> result.succeeded() ? timeToLive.apply(result.result()) : failureTimeToLive))
                .buildAsync();
    }

    /** The value of a key; {@code load} is called when there is none or it has expired, by one caller only. */
    Future<V> get(String key, Supplier<Future<V>> load) {
        return Future.fromCompletionStage(entries.get(key, (missing, executor) -> result(load)))
                .compose(result -> result.succeeded()
                        ? Future.succeededFuture(result.result())
                        : Future.failedFuture(result.cause()));
    }

    private static <V> CompletableFuture<AsyncResult<V>> result(Supplier<Future<V>> load) {
        CompletableFuture<AsyncResult<V>> result = new CompletableFuture<>();
        try {
            load.get().onComplete(result::complete);
        } catch (RuntimeException e) {
            result.complete(Future.failedFuture(e));
        }
        return result;
    }

    long size() {
        entries.synchronous().cleanUp();
        return entries.synchronous().estimatedSize();
    }

    void forget(String key) {
        entries.asMap().remove(key);
    }
}
