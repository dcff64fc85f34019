package dev.igarape.cli.command.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.LiveStatus;
import dev.igarape.model.job.LiveStatus.Failure;
import dev.igarape.model.job.LiveStatus.Rows;
import dev.igarape.model.job.LiveStatus.State;
import dev.igarape.model.job.LiveStatus.TableStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class LiveViewTest {
    private static final Instant NOW = Instant.parse("2024-01-01T10:00:00Z");
    private static final LakeException STOPPED = new LakeException(ExitCode.UNAVAILABLE, "It is stopped.");
    /** What terminals do at these. */
    private static final String HOME = "\u001b[H";

    private static final String CLEAR = "\u001b[2J";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final Pattern TOLD = Pattern.compile("\u001b\\[[0-9]*[A-Z]|.", Pattern.DOTALL);

    @Test
    void eachViewTakesThePlaceOfTheOneBeforeAndTheLastOneStays() {
        LiveStatus failing = status(
                1_000_000,
                Optional.of(new Failure("A sentence that is longer than all that follows. ".repeat(3), 5, NOW, NOW)),
                "raw.clicks",
                "trusted.clicks");
        LiveStatus last = status(9, Optional.empty(), "raw.clicks");
        Deque<LiveStatus> statuses = new ArrayDeque<>(List.of(status(1, Optional.empty()), failing, last));
        StringWriter told = new StringWriter();

        assertThatThrownBy(() -> new LiveView(new PrintWriter(told), () -> NOW)
                        .show(
                                () -> {
                                    if (statuses.isEmpty()) {
                                        throw STOPPED;
                                    }
                                    return statuses.remove();
                                },
                                () -> {}))
                .isSameAs(STOPPED);

        StringWriter plain = new StringWriter();
        new LiveReport(last).print(new PrintWriter(plain), NOW);
        assertThat(shown("what stood there\n" + told))
                .isEqualTo(plain.toString().lines().toList())
                .hasSize(3);
    }

    @Test
    void anInterruptLeavesTheViewAsItIs() {
        StringWriter told = new StringWriter();
        LiveStatus status = status(9, Optional.empty(), "raw.clicks");

        new LiveView(new PrintWriter(told), () -> NOW).show(() -> status, () -> {
            throw new InterruptedException();
        });

        assertThat(Thread.interrupted()).isTrue();
        assertThat(shown(told.toString())).hasSize(3).last().asString().startsWith("raw.clicks");
    }

    @Test
    void endsWhereNobodyReads() {
        Writer closed = new Writer() {
            @Override
            public void write(char[] text, int offset, int length) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        new LiveView(new PrintWriter(closed), () -> NOW)
                .show(
                        () -> {
                            throw new AssertionError("asked though nobody reads");
                        },
                        () -> {});
    }

    private static LiveStatus status(long turns, Optional<Failure> failure, String... tables) {
        List<TableStatus> lines = new ArrayList<>();
        for (String table : tables) {
            lines.add(new TableStatus(
                    TableName.parse(table),
                    failure.isPresent() ? State.BACKING_OFF : State.IDLE,
                    0,
                    Rows.NONE,
                    0,
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    Optional.empty(),
                    failure));
        }
        return new LiveStatus("live-1", 17, NOW.minusSeconds(5), true, 1000, turns, lines);
    }

    /** The lines that a terminal shows that was told this, without empty ones below. */
    private static List<String> shown(String told) {
        List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
        int row = 0;
        int column = 0;
        for (MatchResult token : TOLD.matcher(told).results().toList()) {
            StringBuilder line = lines.get(row);
            switch (token.group()) {
                case "\n" -> {
                    row++;
                    column = 0;
                    if (row == lines.size()) {
                        lines.add(new StringBuilder());
                    }
                }
                case HOME -> {
                    row = 0;
                    column = 0;
                }
                case CLEAR -> lines.forEach(any -> any.setLength(0));
                case CLEAR_LINE -> line.setLength(column);
                case CLEAR_BELOW -> {
                    line.setLength(column);
                    lines.subList(row + 1, lines.size()).clear();
                }
                default -> {
                    line.setLength(Math.max(line.length(), column + 1));
                    line.setCharAt(column, token.group().charAt(0));
                    column++;
                }
            }
        }
        while (!lines.isEmpty() && lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        return lines.stream().map(StringBuilder::toString).toList();
    }
}
