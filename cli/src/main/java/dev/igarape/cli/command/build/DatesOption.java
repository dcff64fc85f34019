package dev.igarape.cli.command.build;

import dev.igarape.model.DateRange;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options {@code --date}, or {@code --from} and {@code --to}, of commands that build dates. */
public final class DatesOption {
    @Option(names = "--date", paramLabel = "D", description = "The date to build, as in 2024-01-31.")
    private Optional<String> date = Optional.empty();

    @Option(names = "--from", paramLabel = "A", description = "The first date of a range.")
    private Optional<String> from = Optional.empty();

    @Option(names = "--to", paramLabel = "B", description = "The date after the last one of a range.")
    private Optional<String> to = Optional.empty();

    /**
     * The dates that are asked for.
     *
     * @throws LakeException with {@link ExitCode#USAGE} if none are, or what is given is no range of dates
     */
    DateRange range() {
        return DateRange.parse(date, from, to);
    }

    /** Likewise; empty if none of the options is given. */
    Optional<DateRange> rangeIfGiven() {
        return date.isEmpty() && from.isEmpty() && to.isEmpty() ? Optional.empty() : Optional.of(range());
    }
}
