package dev.igarape.wire.json.writer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Conversions of JSON numbers without silent overflow or rounding. Numbers are never expanded: {@code 1e999999999}
 * costs as little as 1.
 */
final class Numbers {
    private static final int MAX_LENGTH = 1000;
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private Numbers() {}

    /** Whether the text is a number by JSON's grammar, of at most 1000 characters. */
    static boolean isNumber(String text) {
        return text.length() <= MAX_LENGTH && NUMBER.matcher(text).matches();
    }

    /**
     * Returns the number without trailing zeros, so that its scale is the count of digits that it needs after the
     * point; empty if its exponent is too large.
     *
     * @param text a number by JSON's grammar
     */
    static Optional<BigDecimal> stripped(String text) {
        try {
            BigDecimal value = new BigDecimal(text);
            return Optional.of(value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros());
        } catch (NumberFormatException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** Reads the current token, a number, as a whole one; 1.0 and 1e3 are. Reports an error if it does not fit. */
    static OptionalLong wholeNumber(ConversionContext conversion, String type, long min, long max) throws IOException {
        JsonParser parser = conversion.parser();
        if (conversion.token() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return inRange(conversion, type, parser.getLongValue(), min, max);
        }
        String text = parser.getText();
        Optional<BigDecimal> value = stripped(text);
        if (value.isPresent() && value.get().scale() > 0) {
            conversion.error(
                    ConversionContext.shorten(text) + " is not a whole number, and " + type + " does not round");
            return OptionalLong.empty();
        }
        if (value.isEmpty() || value.get().precision() - (long) value.get().scale() > 19) {
            return outOfRange(conversion, type, min, max);
        }
        BigDecimal whole = value.get();
        if (whole.compareTo(BigDecimal.valueOf(min)) < 0 || whole.compareTo(BigDecimal.valueOf(max)) > 0) {
            return outOfRange(conversion, type, min, max);
        }
        return OptionalLong.of(whole.longValueExact());
    }

    private static OptionalLong inRange(ConversionContext conversion, String type, long value, long min, long max)
            throws IOException {
        return value < min || value > max ? outOfRange(conversion, type, min, max) : OptionalLong.of(value);
    }

    private static OptionalLong outOfRange(ConversionContext conversion, String type, long min, long max)
            throws IOException {
        conversion.error(ConversionContext.shorten(conversion.parser().getText()) + " is out of range for " + type
                + " (" + min + " to " + max + ")");
        return OptionalLong.empty();
    }

    /**
     * Whether a number keeps its value as binary floating point, else reports an error. Fractions and numbers with an
     * exponent may round to the nearest value, as everywhere in JSON, but not to infinity or zero; whole numbers
     * written out must be exact.
     *
     * @param value what the text was parsed to; a float widened to double is the same number
     * @param exactBelow every whole number nearer to zero is exact in this type
     */
    static boolean survives(ConversionContext conversion, String text, double value, String type, long exactBelow) {
        if (Double.isInfinite(value)) {
            conversion.error(ConversionContext.shorten(text) + " is out of range for " + type);
            return false;
        }
        if (value == 0 && !isZero(text)) {
            conversion.error(
                    ConversionContext.shorten(text) + " is too close to zero for " + type + ", and would become 0");
            return false;
        }
        // The nearest value of a whole number is always whole.
        boolean maybeInexact = Math.abs(value) >= exactBelow && value == Math.rint(value);
        if (maybeInexact && writtenOut(text)) {
            BigDecimal exact = new BigDecimal(text);
            if (exact.stripTrailingZeros().scale() <= 0 && exact.compareTo(new BigDecimal(value)) != 0) {
                conversion.error(ConversionContext.shorten(text) + " can't be a " + type + " exactly; the nearest is "
                        + new BigDecimal(value).toPlainString());
                return false;
            }
        }
        return true;
    }

    private static boolean isZero(String text) {
        for (int i = 0; i < text.length() && text.charAt(i) != 'e' && text.charAt(i) != 'E'; i++) {
            if (text.charAt(i) >= '1' && text.charAt(i) <= '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean writtenOut(String text) {
        return text.indexOf('e') < 0 && text.indexOf('E') < 0;
    }
}
