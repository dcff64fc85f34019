package dev.igarape.jobs.failure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** This project's words for Spark's error classes; the longest name that an error's class begins with counts. */
final class ErrorMessages {
    private static final Pattern PARAMETER = Pattern.compile("<(\\w+)>");
    private static final String TRY_CAST = "Use try_cast, which gives null, and let an expectation decide about null";
    private static final String NULLIF =
            "Divide by nullif(…, 0), which gives null, and let an expectation decide about null";
    private static final String RANGE = "Cast to a wider type, or leave such rows out in WHERE";
    private static final String PATTERN = "Mend the pattern, or leave such rows out in WHERE";
    private static final String NAMES = "Mend the name in the SQL";
    private static final Map<String, Words> BY_CLASS = words();

    private ErrorMessages() {}

    /**
     * How an error class is told.
     *
     * @param problem with the error's parameters in angle brackets
     * @param value the parameter that is a value of the data; empty: none
     * @param remedy a sentence without its full stop
     */
    record Words(String problem, String value, String remedy) {
        /** The problem, filled in; empty where the error lacks one of the parameters. */
        Optional<String> filled(Map<String, String> parameters) {
            StringBuilder text = new StringBuilder();
            Matcher parameter = PARAMETER.matcher(problem);
            while (parameter.find()) {
                String name = parameter.group(1);
                if (!parameters.containsKey(name)) {
                    return Optional.empty();
                }
                String given = parameters.get(name);
                String shown = name.equals(value) ? PlainText.value(given) : PlainText.name(PlainText.value(given));
                parameter.appendReplacement(text, Matcher.quoteReplacement(shown));
            }
            return Optional.of(parameter.appendTail(text).toString());
        }
    }

    /** The words for an error class or, failing that, for the class that it is part of. */
    static Optional<Words> of(String errorClass) {
        return Optional.ofNullable(BY_CLASS.get(errorClass))
                .or(() -> Optional.ofNullable(BY_CLASS.get(errorClass.replaceFirst("\\..*", ""))));
    }

    private static Map<String, Words> words() {
        Map<String, Words> words = new LinkedHashMap<>();
        words.put("CAST_INVALID_INPUT", new Words("<expression> is no <targetType>", "expression", TRY_CAST));
        words.put("CAST_OVERFLOW", new Words("<value> does not fit into <targetType>", "value", TRY_CAST));
        words.put(
                "CAST_OVERFLOW_IN_TABLE_INSERT",
                new Words("a value does not fit into <targetType>, the type of column <columnName>", "", RANGE));
        words.put("CONVERSION_INVALID_INPUT", new Words("<str> is no <targetType>", "str", TRY_CAST));
        words.put("CANNOT_PARSE_DECIMAL", new Words("a text is no decimal number", "", TRY_CAST));
        words.put("CANNOT_PARSE_INTERVAL", new Words("<intervalString> is no interval", "intervalString", TRY_CAST));
        words.put("FAILED_PARSE_STRUCT_TYPE", new Words("<raw> is no struct", "raw", "Mend the SQL or the input"));
        words.put(
                "CANNOT_PARSE_JSON_FIELD",
                new Words("<fieldValue> in field <fieldName> of a JSON text is no <dataType>", "fieldValue", json()));
        words.put("EMPTY_JSON_FIELD_VALUE", new Words("an empty text in a JSON text is no <dataType>", "", json()));
        words.put("MALFORMED_RECORD_IN_PARSING", new Words("a text is no record of its schema", "", json()));
        words.put(
                "NUMERIC_VALUE_OUT_OF_RANGE",
                new Words("<value> does not fit into decimal(<precision>,<scale>)", "value", RANGE));
        words.put("NUMERIC_OUT_OF_SUPPORTED_RANGE", new Words("<value> has more than 38 digits", "value", RANGE));
        words.put(
                "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
                new Words("a number has <precision> digits, and a decimal at most <maxPrecision>", "", RANGE));
        words.put("ARITHMETIC_OVERFLOW", new Words("a result does not fit into its type", "", RANGE));
        words.put(
                "BINARY_ARITHMETIC_OVERFLOW",
                new Words("<value1> <symbol> <value2> does not fit into its type", "", RANGE));
        words.put("INTERVAL_ARITHMETIC_OVERFLOW", new Words("an interval does not fit into its type", "", RANGE));
        words.put(
                "DATETIME_OVERFLOW", new Words("no date or timestamp can hold the result of: <operation>", "", RANGE));
        words.put("DIVIDE_BY_ZERO", new Words("a division by zero", "", NULLIF));
        words.put("INTERVAL_DIVIDED_BY_ZERO", new Words("a division by zero", "", NULLIF));
        String index = "Use get(array, index), which gives null, or look at the array's size first";
        words.put(
                "INVALID_ARRAY_INDEX",
                new Words("element <indexValue> of an array that has <arraySize> elements", "", index));
        words.put(
                "INVALID_ARRAY_INDEX_IN_ELEMENT_AT",
                new Words("element <indexValue> of an array that has <arraySize> elements", "", index));
        words.put(
                "INVALID_INDEX_OF_ZERO",
                new Words(
                        "element 0, where element_at counts from 1", "", "Ask for 1, the first element, or use get()"));
        words.put(
                "DUPLICATED_MAP_KEY",
                new Words(
                        "a map would have the key <key> twice",
                        "key",
                        "Leave one of the entries out before making the map"));
        words.put(
                "NULL_MAP_KEY",
                new Words("a map would have a null key", "", "Leave such entries out, or give them a key"));
        words.put(
                "SCALAR_SUBQUERY_TOO_MANY_ROWS",
                new Words("a subquery that stands for one value gave several rows", "", "Aggregate it, e.g. by max()"));
        words.put(
                "INCONSISTENT_BEHAVIOR_CROSS_VERSION.PARSE_DATETIME_BY_NEW_PARSER",
                new Words(
                        "<datetime> does not follow the pattern that it is read by",
                        "datetime",
                        "Write the pattern as the values are, e.g. yyyy-M-d where months and days may have one digit, or"
                                + " leave such rows out in WHERE"));
        words.put(
                "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION",
                new Words(
                        "<pattern> is no pattern of dates and times",
                        "",
                        "Mend the pattern, e.g. yyyy-MM-dd HH:mm:ss"));
        words.put(
                "INVALID_PARAMETER_VALUE",
                new Words("<functionName> can't work with the value of <parameter>", "", "Mend the SQL"));
        words.put(
                "INVALID_PARAMETER_VALUE.PATTERN",
                new Words("<value> is no regular expression, in <functionName>", "value", PATTERN));
        words.put(
                "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX",
                new Words(
                        "<functionName> is asked for group <groupIndex> of a pattern that has <groupCount>",
                        "",
                        PATTERN));
        words.put("INVALID_URL", new Words("<url> is no address", "url", "Leave such rows out in WHERE"));
        words.put("CANNOT_DECODE_URL", new Words("<url> is no address", "url", "Leave such rows out in WHERE"));
        words.put(
                "TOO_MANY_ARRAY_ELEMENTS",
                new Words("an array would have <numElements> elements", "", "Make it shorter"));
        words.put(
                "UNRESOLVED_COLUMN.WITH_SUGGESTION",
                new Words("there is no column <objectName>; there are, e.g., <proposal>", "", NAMES));
        words.put("UNRESOLVED_COLUMN", new Words("there is no column <objectName>", "", NAMES));
        words.put(
                "UNRESOLVED_FIELD.WITH_SUGGESTION",
                new Words("<columnPath> has no field <fieldName>; there are, e.g., <proposal>", "", NAMES));
        words.put("FIELD_NOT_FOUND", new Words("there is no field <fieldName> among <fields>", "", NAMES));
        words.put("TABLE_OR_VIEW_NOT_FOUND", new Words("there is no table <relationName>", "", NAMES));
        words.put("UNRESOLVED_ROUTINE", new Words("there is no function <routineName>", "", NAMES));
        words.put(
                "AMBIGUOUS_REFERENCE",
                new Words("<name> may be any of <referenceNames>", "", "Write the table's name before it"));
        return words;
    }

    private static String json() {
        return "Leave FAILFAST out: what does not parse is null then, and an expectation can decide about it";
    }
}
