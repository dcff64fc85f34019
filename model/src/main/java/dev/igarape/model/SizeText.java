package dev.igarape.model;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as definitions and targets write them: {@code 256 KB}, {@code 64 MB}, {@code 1 GB}, of 1,024 each. */
public final class SizeText {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,2}) (KB|MB|GB)");

    private SizeText() {}

    /** Units, smallest first. */
    public enum Unit {
        KB(10),
        MB(20),
        GB(30);

        private final int shift;

        Unit(int shift) {
            this.shift = shift;
        }
    }

    /** Parses a number of three digits at most and one of these units to bytes; empty for anything else. */
    public static Optional<Long> parse(String text, Unit... units) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        Unit unit = Unit.valueOf(form.group(2));
        return List.of(units).contains(unit)
                ? Optional.of(Long.parseLong(form.group(1)) << unit.shift)
                : Optional.empty();
    }
}
