package dev.igarape.jobs.warm;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** Sends what a run logs to its caller as well: what a process of its own would show on its console, in the same form. */
final class CallerLog {
    private static final String NAME = "callers";

    /** Threads that a run starts log for it, too. */
    private static final InheritableThreadLocal<Following> RUN = new InheritableThreadLocal<>();

    private CallerLog() {}

    /** The lines of one run's threads, until it is closed. */
    static final class Following implements AutoCloseable {
        private final Consumer<String> lines;
        private volatile boolean ended;

        private Following(Consumer<String> lines) {
            this.lines = lines;
        }

        private void accept(String line) {
            // A thread of Spark's that this run happened to start may outlive it.
            if (!ended) {
                lines.accept(line);
            }
        }

        @Override
        public void close() {
            ended = true;
            RUN.remove();
        }
    }

    /** Gives each line that this thread and those that it starts log to the consumer, which must not wait. */
    static Following follow(Consumer<String> lines) {
        Following following = new Following(lines);
        RUN.set(following);
        return following;
    }

    /** Puts an appender beside each that writes to the console. */
    static synchronized void install() {
        if (!(LogManager.getContext(false) instanceof LoggerContext)) {
            return;
        }
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        for (LoggerConfig logger : context.getConfiguration().getLoggers().values()) {
            if (logger.getAppenders().containsKey(NAME)) {
                continue;
            }
            for (Appender console : List.copyOf(logger.getAppenders().values())) {
                if (console instanceof ConsoleAppender) {
                    CallerAppender appender = new CallerAppender(console);
                    appender.start();
                    logger.addAppender(appender, null, null);
                }
            }
        }
        context.updateLoggers();
    }

    private static final class CallerAppender extends AbstractAppender {
        private CallerAppender(Appender console) {
            super(NAME, null, console.getLayout(), true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            Following run = RUN.get();
            if (run != null) {
                new String(getLayout().toByteArray(event), StandardCharsets.UTF_8)
                        .lines()
                        .forEach(run::accept);
            }
        }
    }
}
