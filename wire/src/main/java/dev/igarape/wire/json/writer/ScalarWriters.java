package dev.igarape.wire.json.writer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.igarape.wire.avro.DatumBuffer;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Writers of primitive types, bytes, enums and decimals. */
final class ScalarWriters {
    private ScalarWriters() {}

    static boolean isNumber(JsonToken token) {
        return token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
    }

    static final class NullWriter implements ValueWriter {
        @Override
        public void write(ConversionContext conversion) throws IOException {
            if (conversion.token() != JsonToken.VALUE_NULL) {
                conversion.mismatch("null");
            }
        }

        @Override
        public boolean accepts(JsonToken first) {
            return first == JsonToken.VALUE_NULL;
        }
    }

    static final class BooleanWriter implements ValueWriter {
        @Override
        public void write(ConversionContext conversion) throws IOException {
            if (accepts(conversion.token())) {
                conversion.out().writeByte(conversion.token() == JsonToken.VALUE_TRUE ? 1 : 0);
            } else {
                conversion.mismatch("true or false");
            }
        }

        @Override
        public boolean accepts(JsonToken first) {
            return first == JsonToken.VALUE_TRUE || first == JsonToken.VALUE_FALSE;
        }
    }

    /** A writer of int and long, which have the same encoding. */
    static final class IntegerWriter implements ValueWriter {
        private final String type;
        private final long min;
        private final long max;

        IntegerWriter(String type, long min, long max) {
            this.type = type;
            this.min = min;
            this.max = max;
        }

        @Override
        public void write(ConversionContext conversion) throws IOException {
            if (!accepts(conversion.token())) {
                conversion.mismatch("a whole number (" + type + ")");
                return;
            }
            OptionalLong value = Numbers.wholeNumber(conversion, type, min, max);
            if (value.isPresent()) {
                conversion.out().writeLong(value.getAsLong());
            }
        }

        @Override
        public boolean accepts(JsonToken first) {
            return isNumber(first);
        }
    }

    static final class FloatWriter implements ValueWriter {
        private static final long EXACT_BELOW = 1L << 24;

        @Override
        public void write(ConversionContext conversion) throws IOException {
            if (!accepts(conversion.token())) {
                conversion.mismatch("a number (float)");
                return;
            }
            String text = conversion.parser().getText();
            float value = Float.parseFloat(text);
            if (Numbers.survives(conversion, text, value, "float", EXACT_BELOW)) {
                conversion.out().writeFloat(value);
            }
        }

        @Override
        public boolean accepts(JsonToken first) {
            return isNumber(first);
        }
    }

    static final class DoubleWriter implements ValueWriter {
        private static final long EXACT_BELOW = 1L << 53;

        @Override
        public void write(ConversionContext conversion) throws IOException {
            if (!accepts(conversion.token())) {
                conversion.mismatch("a number (double)");
                return;
            }
            String text = conversion.parser().getText();
            double value = Double.parseDouble(text);
            if (Numbers.survives(conversion, text, value, "double", EXACT_BELOW)) {
                conversion.out().writeDouble(value);
            }
        }

        @Override
        public boolean accepts(JsonToken first) {
            return isNumber(first);
        }
    }

    static final class StringWriter implements ValueWriter {
        @Override
        public void write(ConversionContext conversion) throws IOException {
            if (!accepts(conversion.token())) {
                conversion.mismatch("a string");
                return;
            }
            JsonParser parser = conversion.parser();
            boolean written = conversion
                    .out()
                    .writeString(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
            if (!written) {
                conversion.error("the string has half a surrogate pair, which is no character");
            }
        }

        @Override
        public boolean accepts(JsonToken first) {
            return first == JsonToken.VALUE_STRING;
        }
    }

    /** A writer of bytes and fixed, as in Avro's JSON encoding: each character is one byte. */
    static final class BytesWriter implements ValueWriter {
        private final int fixedSize;

        private BytesWriter(int fixedSize) {
            this.fixedSize = fixedSize;
        }

        static BytesWriter bytes() {
            return new BytesWriter(-1);
        }

        static BytesWriter fixed(int size) {
            return new BytesWriter(size);
        }

        @Override
        public void write(ConversionContext conversion) throws IOException {
            if (!accepts(conversion.token())) {
                conversion.mismatch("a string with one character per byte");
                return;
            }
            JsonParser parser = conversion.parser();
            char[] chars = parser.getTextCharacters();
            int offset = parser.getTextOffset();
            byte[] bytes = new byte[parser.getTextLength()];
            for (int i = 0; i < bytes.length; i++) {
                char c = chars[offset + i];
                if (c > 0xff) {
                    conversion.error(String.format(
                            "character %d is U+%04X; bytes are written as characters from U+0000 to U+00FF",
                            i + 1, (int) c));
                    return;
                }
                bytes[i] = (byte) c;
            }
            if (fixedSize < 0) {
                conversion.out().writeLong(bytes.length);
            } else if (bytes.length != fixedSize) {
                conversion.error("expected " + fixedSize + " bytes, one per character, got " + bytes.length);
                return;
            }
            conversion.out().writeBytes(bytes);
        }

        @Override
        public boolean accepts(JsonToken first) {
            return first == JsonToken.VALUE_STRING;
        }
    }

    static final class EnumWriter implements ValueWriter {
        private static final int MAX_LISTED = 20;

        private final Map<String, Integer> ordinals = new HashMap<>();
        private final String expected;

        EnumWriter(List<String> symbols) {
            for (int i = 0; i < symbols.size(); i++) {
                ordinals.put(symbols.get(i), i);
            }
            String listed = String.join(", ", symbols.subList(0, Math.min(symbols.size(), MAX_LISTED)));
            expected = "one of " + listed + (symbols.size() > MAX_LISTED ? ", …" : "");
        }

        @Override
        public void write(ConversionContext conversion) throws IOException {
            Integer ordinal = accepts(conversion.token())
                    ? ordinals.get(conversion.parser().getText())
                    : null;
            if (ordinal == null) {
                conversion.mismatch(expected);
            } else {
                conversion.out().writeLong(ordinal);
            }
        }

        @Override
        public boolean accepts(JsonToken first) {
            return first == JsonToken.VALUE_STRING;
        }
    }

    /** A writer of decimals, from a number or, for producers without exact numbers, from a string. */
    static final class DecimalWriter implements ValueWriter {
        private final int precision;
        private final int scale;
        private final int fixedSize;

        /** @param fixedSize in bytes, or -1 for an encoding as bytes */
        DecimalWriter(int precision, int scale, int fixedSize) {
            this.precision = precision;
            this.scale = scale;
            this.fixedSize = fixedSize;
        }

        @Override
        public void write(ConversionContext conversion) throws IOException {
            if (!accepts(conversion.token())) {
                conversion.mismatch("a number, or a string with one (" + type() + ")");
                return;
            }
            String text = conversion.parser().getText();
            if (conversion.token() == JsonToken.VALUE_STRING && !Numbers.isNumber(text)) {
                conversion.mismatch("a number, or a string with one (" + type() + ")");
                return;
            }
            BigDecimal value = Numbers.stripped(text).orElse(null);
            if (value == null || value.precision() - (long) value.scale() + scale > precision && value.signum() != 0) {
                conversion.error(ConversionContext.shorten(text) + " has too many digits for " + type());
            } else if (value.scale() > scale) {
                conversion.error(ConversionContext.shorten(text) + " has more than " + scale
                        + " digits after the point, and " + type() + " does not round");
            } else {
                write(value.setScale(scale).unscaledValue().toByteArray(), conversion.out());
            }
        }

        private void write(byte[] unscaled, DatumBuffer out) {
            if (fixedSize < 0) {
                out.writeLong(unscaled.length);
            }
            for (int i = unscaled.length; i < fixedSize; i++) {
                out.writeByte(unscaled[0] < 0 ? 0xff : 0);
            }
            out.writeBytes(unscaled);
        }

        private String type() {
            return "decimal(" + precision + ", " + scale + ")";
        }

        @Override
        public boolean accepts(JsonToken first) {
            return isNumber(first) || first == JsonToken.VALUE_STRING;
        }
    }
}
