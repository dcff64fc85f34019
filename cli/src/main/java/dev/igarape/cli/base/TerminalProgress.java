package dev.igarape.cli.base;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress as lines and bars on a terminal. A line takes the place of the bar, which is drawn again below it. */
public final class TerminalProgress implements Progress {
    private static final int WIDTH = 100;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream terminal;
    private boolean drawing;

    public TerminalProgress(PrintStream terminal) {
        this.terminal = terminal;
    }

    @Override
    public synchronized void step(String line) {
        terminal.println(drawing ? CLEAR_LINE + line : line);
        terminal.flush();
    }

    @Override
    public synchronized Bar bar(String work, long parts) {
        drawing = true;
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(work)
                .setInitialMax(parts)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(terminal, WIDTH))
                .build();
        return new Bar() {
            @Override
            public void advance() {
                bar.step();
            }

            @Override
            public void close() {
                bar.close();
                drawing = false;
            }
        };
    }
}
