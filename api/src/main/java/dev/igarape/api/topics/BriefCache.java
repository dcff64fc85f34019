package dev.igarape.api.topics;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Keeps answers of another server for a moment. However many ask for a key at once, one call goes out; failures are
 * kept for a moment too, so that a server that is down isn't asked by every request.
 */
final class BriefCache<V> {
    private static final int MOST_ENTRIES = 10_000;

    private final class Entry {
        private final Promise<V> promise = Promise.promise();
        private volatile long staleAt = Long.MAX_VALUE;

        private boolean isStale(long now) {
            return staleAt != Long.MAX_VALUE && now - staleAt >= 0;
        }
    }

    private final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();
    private final Function<V, Duration> keep;
    private final Duration keepFailure;
    private final LongSupplier nanoTime;

    BriefCache(Function<V, Duration> keep, Duration keepFailure, LongSupplier nanoTime) {
        this.keep = keep;
        this.keepFailure = keepFailure;
        this.nanoTime = nanoTime;
    }

    /** The value of a key; {@code load} is called when there is none or a stale one, by one caller only. */
    Future<V> get(String key, Supplier<Future<V>> load) {
        long now = nanoTime.getAsLong();
        Entry known = entries.get(key);
        if (known != null && !known.isStale(now)) {
            return known.promise.future();
        }
        Entry fresh = new Entry();
        boolean mine = known == null ? entries.putIfAbsent(key, fresh) == null : entries.replace(key, known, fresh);
        if (!mine) {
            return get(key, load);
        }
        if (entries.size() > MOST_ENTRIES) {
            entries.entrySet()
                    .removeIf(entry -> entry.getValue() != fresh && entry.getValue().staleAt != Long.MAX_VALUE);
        }
        load(fresh, load);
        return fresh.promise.future();
    }

    private void load(Entry entry, Supplier<Future<V>> load) {
        Future<V> loading;
        try {
            loading = load.get();
        } catch (RuntimeException e) {
            loading = Future.failedFuture(e);
        }
        loading.onComplete(done -> {
            Duration kept = done.succeeded() ? keep.apply(done.result()) : keepFailure;
            entry.staleAt = nanoTime.getAsLong() + kept.toNanos();
            entry.promise.handle(done);
        });
    }

    int size() {
        return entries.size();
    }

    void forget(String key) {
        entries.remove(key);
    }
}
