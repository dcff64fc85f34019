package dev.igarape.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reader of typed settings; it collects all errors before it throws. Values of secrets never reach a message. */
final class Settings {
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,15})\\s*([a-zA-Z]*)");

    private final Map<String, String> environment;
    private final List<String> errors = new ArrayList<>();

    Settings(Map<String, String> environment) {
        this.environment = environment;
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    String text(String name, String otherwise) {
        return text(name).orElse(otherwise);
    }

    boolean flag(String name, boolean otherwise) {
        return parse(
                name,
                otherwise,
                "true or false",
                value -> List.of("true", "false").contains(value)
                        ? Optional.of(value.equals("true"))
                        : Optional.empty());
    }

    int integer(String name, int otherwise, int min, int max) {
        return parse(name, otherwise, "a whole number from " + min + " to " + max, value -> {
            if (!value.matches("\\d{1,9}")) {
                return Optional.empty();
            }
            int number = Integer.parseInt(value);
            return number < min || number > max ? Optional.empty() : Optional.of(number);
        });
    }

    /** Bytes, with or without KiB, MiB, GiB. */
    long bytes(String name, long otherwise, long min, long max) {
        return parse(
                name,
                otherwise,
                "a size from " + min + " to " + max + " bytes, such as 512KiB or 1MiB",
                value -> amount(value, Settings::bytesIn).filter(bytes -> bytes >= min && bytes <= max));
    }

    /** A duration such as 500ms, 10s, 2m. */
    Duration duration(String name, Duration otherwise, Duration min, Duration max) {
        return parse(
                name,
                otherwise,
                "a duration from " + min.toMillis() + "ms to " + max.toMillis() + "ms, such as 500ms or 10s",
                value -> amount(value, Settings::millisIn)
                        .map(Duration::ofMillis)
                        .filter(time -> time.compareTo(min) >= 0 && time.compareTo(max) <= 0));
    }

    void addError(String error) {
        errors.add(error);
    }

    /** @throws ConfigException with every error found so far, if any */
    void check() {
        if (!errors.isEmpty()) {
            throw new ConfigException(errors);
        }
    }

    private <T> T parse(String name, T otherwise, String expected, Function<String, Optional<T>> parser) {
        Optional<String> given = text(name);
        if (given.isEmpty()) {
            return otherwise;
        }
        Optional<T> parsed = parser.apply(given.get());
        if (parsed.isEmpty()) {
            addError(name + " is '" + given.get() + "'. Give " + expected + ".");
        }
        return parsed.orElse(otherwise);
    }

    private static Optional<Long> amount(String value, Function<String, Optional<Long>> unit) {
        Matcher matcher = AMOUNT.matcher(value);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        return unit.apply(matcher.group(2).toLowerCase(Locale.ROOT))
                .filter(factor -> number <= Long.MAX_VALUE / factor)
                .map(factor -> number * factor);
    }

    private static Optional<Long> bytesIn(String unit) {
        return switch (unit) {
            case "", "b" -> Optional.of(1L);
            case "kib" -> Optional.of(1L << 10);
            case "mib" -> Optional.of(1L << 20);
            case "gib" -> Optional.of(1L << 30);
            default -> Optional.empty();
        };
    }

    private static Optional<Long> millisIn(String unit) {
        return switch (unit) {
            case "ms" -> Optional.of(1L);
            case "s" -> Optional.of(1_000L);
            case "m" -> Optional.of(60_000L);
            default -> Optional.empty();
        };
    }
}
