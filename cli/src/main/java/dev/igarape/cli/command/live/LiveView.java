package dev.igarape.cli.command.live;

import dev.igarape.model.job.LiveStatus;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import java.util.function.Supplier;

/** A status on a terminal, written anew where it stands. */
final class LiveView {
    /** Where a terminal begins to write anew, and takes away what is below. */
    private static final String HOME = "\u001b[H";

    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final String CLEAR = "\u001b[2J";

    private final PrintWriter out;
    private final InstantSource clock;

    LiveView(PrintWriter out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    /** Passes the time between two views. */
    interface Pause {
        void take() throws InterruptedException;
    }

    /**
     * Shows a status again and again, until nobody reads any more or the thread is interrupted; what {@code status} throws ends
     * it, too. The last view stays.
     */
    void show(Supplier<LiveStatus> status, Pause pause) {
        out.print(CLEAR);
        try {
            while (!out.checkError()) {
                StringWriter view = new StringWriter();
                new LiveReport(status.get()).print(new PrintWriter(view, true), clock.instant());
                out.print(HOME + view.toString().replace("\n", CLEAR_LINE + "\n") + CLEAR_BELOW);
                out.flush();
                pause.take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
