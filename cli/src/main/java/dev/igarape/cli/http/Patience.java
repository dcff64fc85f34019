package dev.igarape.cli.http;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * How long a server is asked for what it is to become.
 *
 * @param time after which the last answer has to do
 * @param pause between two questions
 * @param nanos the time, as {@link System#nanoTime} has it
 */
public record Patience(Duration time, Duration pause, LongSupplier nanos) {
    public Patience(Duration time, Duration pause) {
        this(time, pause, System::nanoTime);
    }

    /** The first answer that will do; if none has when time is up, the last one. */
    public <T> T ask(Supplier<T> question, Predicate<? super T> willDo) {
        long end = nanos.getAsLong() + time.toNanos();
        T answer = question.get();
        while (!willDo.test(answer) && nanos.getAsLong() - end < 0) {
            rest();
            answer = question.get();
        }
        return answer;
    }

    private void rest() {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a server", e);
        }
    }
}
