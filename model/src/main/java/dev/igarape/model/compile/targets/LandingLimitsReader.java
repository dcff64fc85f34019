package dev.igarape.model.compile.targets;

import dev.igarape.model.SizeText;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.yaml.YamlMap;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reader of a target's {@code landing}. */
final class LandingLimitsReader {
    private static final List<String> KEYS =
            List.of("open_files", "waiting_size", "block_size", "fetch_size", "file_size", "stall");
    private static final int MOST_OPEN_FILES = 1000;
    private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,2}) (second|minute)s?");
    private static final String SIZE_REMEDY = "Write a size of three digits at most, such as 256 KB or 64 MB.";

    private final Diagnostics diagnostics;

    LandingLimitsReader(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    ParsedLandingLimits read(YamlMap landing) {
        landing.allow("landing", KEYS, Map.of());
        return new ParsedLandingLimits(
                landing.number("open_files", 1, MOST_OPEN_FILES),
                size(landing, "waiting_size"),
                size(landing, "block_size"),
                size(landing, "fetch_size"),
                formed(
                        landing,
                        "file_size",
                        SIZE_REMEDY.replace("64 MB", "1 GB"),
                        text -> SizeText.parse(text, SizeText.Unit.KB, SizeText.Unit.MB, SizeText.Unit.GB)),
                formed(landing, "stall", "Write for example 30 seconds or 2 minutes.", LandingLimitsReader::seconds));
    }

    private Optional<Long> size(YamlMap landing, String key) {
        return formed(landing, key, SIZE_REMEDY, text -> SizeText.parse(text, SizeText.Unit.KB, SizeText.Unit.MB));
    }

    private Optional<Long> formed(YamlMap landing, String key, String remedy, Function<String, Optional<Long>> parser) {
        Optional<SourceText> text = landing.text(key, remedy);
        Optional<Long> value = text.flatMap(written -> parser.apply(written.value()));
        if (text.isPresent() && value.isEmpty()) {
            diagnostics.add(text.get().location(), "'" + text.get().value() + "' can't be '" + key + "'", remedy);
        }
        return value;
    }

    private static Optional<Long> seconds(String text) {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(time.group(1));
        return Optional.of(
                time.group(2).equals("minute") ? Duration.ofMinutes(count).toSeconds() : count);
    }
}
