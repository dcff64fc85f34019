package dev.igarape.cli.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Sends events of one producer until it is closed. One that is cut off can't be resumed honestly, see {@link Marks#send}. */
final class Feed implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Events events;
    private final Random random;
    private final int producer;
    private final Thread thread = new Thread(this::send, "feed");
    private volatile boolean closing;
    private volatile Optional<Exception> failure = Optional.empty();

    private Feed(Events events, Random random) {
        this.events = events;
        this.random = random;
        this.producer = events.producer();
    }

    static Feed start(Events events, Random random) {
        Feed feed = new Feed(events, random);
        feed.thread.setDaemon(true);
        feed.thread.start();
        return feed;
    }

    private void send() {
        try {
            long sequence = 0;
            while (!closing) {
                sequence = events.send(producer, sequence, random);
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        } catch (IOException | InterruptedException e) {
            failure = Optional.of(e);
        }
    }

    int producer() {
        return producer;
    }

    /** Ends; an error if an event was not acknowledged. */
    @Override
    public void close() throws IOException, InterruptedException {
        closing = true;
        thread.join();
        events.save();
        if (failure.isPresent()) {
            throw new IOException("the feed ended early", failure.get());
        }
    }
}
