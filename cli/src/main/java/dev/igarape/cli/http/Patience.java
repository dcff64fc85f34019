package dev.igarape.cli.http;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * How long a server is asked for what it is to become.
 *
 * @param time after which the last answer has to do
 * @param pause between two questions
 */
public record Patience(Duration time, Duration pause) {
    /** The first answer that will do; if none has when time is up, the last one. */
    public <T> T ask(Supplier<T> question, Predicate<? super T> willDo) {
        long end = System.nanoTime() + time.toNanos();
        T answer = question.get();
        while (!willDo.test(answer) && System.nanoTime() < end) {
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
