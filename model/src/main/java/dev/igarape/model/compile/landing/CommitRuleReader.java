package dev.igarape.model.compile.landing;

import dev.igarape.model.CommitRule;
import dev.igarape.model.DurationText;
import dev.igarape.model.SizeText;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.yaml.YamlMap;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reader of {@code landing: {…, commit: …}}. */
final class CommitRuleReader {
    private static final String REMEDY = "Write `commit: {every: 5 minutes, or_size: 100 MB}`, or one of the two.";
    private static final String EVERY_REMEDY = "Write a time, such as `every: 30 seconds` or `every: 5 minutes`.";
    private static final String SIZE_REMEDY =
            "Write a size of three digits at most, such as `or_size: 100 MB` or `or_size: 1 GB`.";

    private final Diagnostics diagnostics;

    CommitRuleReader(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** The rule; empty where there is none, or something is wrong with it, which is reported. */
    Optional<CommitRule> read(YamlMap landing) {
        for (String source : List.of("http", "jdbc")) {
            if (landing.has("commit") && landing.has(source)) {
                diagnostics.add(
                        landing.location("commit"),
                        "'commit' on a landing from " + source + ": it lands dates, one commit each, when a run asks"
                                + " for them",
                        "Take it out: it is for landings from kafka and files.");
            }
        }
        return landing.map("commit", REMEDY).flatMap(this::rule);
    }

    private Optional<CommitRule> rule(YamlMap commit) {
        commit.allow("commit", List.of("every", "or_size"), Map.of());
        if (commit.keys().isEmpty()) {
            diagnostics.add(commit.location(), "'commit' says neither a time nor a size", REMEDY);
        }
        Optional<Duration> every = value(commit, "every", "is no time", EVERY_REMEDY, CommitRuleReader::duration);
        Optional<Long> orSize = value(commit, "or_size", "is no size", SIZE_REMEDY, CommitRuleReader::size);
        return every.isEmpty() && orSize.isEmpty() ? Optional.empty() : Optional.of(new CommitRule(every, orSize));
    }

    private static Optional<Duration> duration(String text) {
        return DurationText.parse(text, ChronoUnit.SECONDS, ChronoUnit.MINUTES, ChronoUnit.HOURS, ChronoUnit.DAYS);
    }

    private static Optional<Long> size(String text) {
        return SizeText.parse(text, SizeText.Unit.values());
    }

    private <T> Optional<T> value(
            YamlMap commit, String key, String problem, String remedy, Function<String, Optional<T>> parser) {
        Optional<SourceText> text = commit.text(key, remedy);
        Optional<T> value = text.flatMap(written -> parser.apply(written.value()));
        if (text.isPresent() && value.isEmpty()) {
            diagnostics.add(text.get().location(), "'" + text.get().value() + "' " + problem, remedy);
        }
        return value;
    }
}
