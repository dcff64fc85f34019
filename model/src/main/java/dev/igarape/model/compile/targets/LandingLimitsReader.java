package dev.igarape.model.compile.targets;

import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.yaml.YamlMap;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reader of a target's {@code landing}. */
final class LandingLimitsReader {
    private static final List<String> KEYS =
            List.of("open_files", "waiting_size", "block_size", "fetch_size", "file_size", "stall");
    private static final int MOST_OPEN_FILES = 1000;
    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,2}) (KB|MB)");
    private static final Pattern FILE_SIZE = Pattern.compile("([1-9][0-9]{0,2}) (KB|MB|GB)");
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
                size(landing, "waiting_size", SIZE, SIZE_REMEDY),
                size(landing, "block_size", SIZE, SIZE_REMEDY),
                size(landing, "fetch_size", SIZE, SIZE_REMEDY),
                size(landing, "file_size", FILE_SIZE, SIZE_REMEDY.replace("64 MB", "1 GB")),
                formed(landing, "stall", TIME, "Write for example 30 seconds or 2 minutes.")
                        .map(LandingLimitsReader::seconds));
    }

    private Optional<Long> size(YamlMap landing, String key, Pattern form, String remedy) {
        return formed(landing, key, form, remedy).map(LandingLimitsReader::bytes);
    }

    private Optional<MatchResult> formed(YamlMap landing, String key, Pattern form, String remedy) {
        return landing.text(key, remedy).flatMap(text -> {
            Matcher matcher = form.matcher(text.value());
            if (matcher.matches()) {
                return Optional.of(matcher.toMatchResult());
            }
            diagnostics.add(text.location(), "'" + text.value() + "' can't be '" + key + "'", remedy);
            return Optional.empty();
        });
    }

    private static long bytes(MatchResult size) {
        int shift = switch (size.group(2)) {
            case "KB" -> 10;
            case "MB" -> 20;
            default -> 30;
        };
        return Long.parseLong(size.group(1)) << shift;
    }

    private static long seconds(MatchResult time) {
        long count = Long.parseLong(time.group(1));
        return time.group(2).equals("minute") ? Duration.ofMinutes(count).toSeconds() : count;
    }
}
