package dev.igarape.jobs.failure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Message templates for Spark's error classes. An error class without a template uses the template of its main class.
 */
final class ErrorMessages {
    private static final Pattern PARAMETER = Pattern.compile("<(\\w+)>");
    private static final String TRY_CAST = "Use try_cast, which gives null, and let an expectation decide about null";
    private static final String NULLIF =
            "Divide by nullif(…, 0), which gives null, and let an expectation decide about null";
    private static final String RANGE = "Cast to a wider type, or leave such rows out in WHERE";
    private static final String PATTERN = "Mend the pattern, or leave such rows out in WHERE";
    private static final String NAMES = "Mend the name in the SQL";
    private static final Map<String, Template> BY_CLASS = templates();

    private ErrorMessages() {}

    /**
     * Message template of an error class.
     *
     * @param problem text with the error's parameters in angle brackets
     * @param value name of the parameter that holds a value of the data; empty: none
     * @param remedy a sentence without its full stop
     */
    record Template(String problem, String value, String remedy) {
        /** The problem with its parameters filled in; empty if the error lacks one of the parameters. */
        Optional<String> fill(Map<String, String> parameters) {
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

    /** The template of an error class or, failing that, of its main class. */
    static Optional<Template> of(String errorClass) {
        return Optional.ofNullable(BY_CLASS.get(errorClass))
                .or(() -> Optional.ofNullable(BY_CLASS.get(errorClass.replaceFirst("\\..*", ""))));
    }

    private static Map<String, Template> templates() {
        Map<String, Template> templates = new LinkedHashMap<>();
        templates.put("CAST_INVALID_INPUT", new Template("<expression> is no <targetType>", "expression", TRY_CAST));
        templates.put("CAST_OVERFLOW", new Template("<value> does not fit into <targetType>", "value", TRY_CAST));
        templates.put(
                "CAST_OVERFLOW_IN_TABLE_INSERT",
                new Template("a value does not fit into <targetType>, the type of column <columnName>", "", RANGE));
        templates.put("CONVERSION_INVALID_INPUT", new Template("<str> is no <targetType>", "str", TRY_CAST));
        templates.put("CANNOT_PARSE_DECIMAL", new Template("a text is no decimal number", "", TRY_CAST));
        templates.put(
                "CANNOT_PARSE_INTERVAL", new Template("<intervalString> is no interval", "intervalString", TRY_CAST));
        templates.put(
                "FAILED_PARSE_STRUCT_TYPE", new Template("<raw> is no struct", "raw", "Mend the SQL or the input"));
        templates.put(
                "CANNOT_PARSE_JSON_FIELD",
                new Template(
                        "<fieldValue> in field <fieldName> of a JSON text is no <dataType>", "fieldValue", json()));
        templates.put(
                "EMPTY_JSON_FIELD_VALUE", new Template("an empty text in a JSON text is no <dataType>", "", json()));
        templates.put("MALFORMED_RECORD_IN_PARSING", new Template("a text is no record of its schema", "", json()));
        templates.put(
                "NUMERIC_VALUE_OUT_OF_RANGE",
                new Template("<value> does not fit into decimal(<precision>,<scale>)", "value", RANGE));
        templates.put(
                "NUMERIC_OUT_OF_SUPPORTED_RANGE", new Template("<value> has more than 38 digits", "value", RANGE));
        templates.put(
                "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
                new Template("a number has <precision> digits, and a decimal at most <maxPrecision>", "", RANGE));
        templates.put("ARITHMETIC_OVERFLOW", new Template("a result does not fit into its type", "", RANGE));
        templates.put(
                "BINARY_ARITHMETIC_OVERFLOW",
                new Template("<value1> <symbol> <value2> does not fit into its type", "", RANGE));
        templates.put(
                "INTERVAL_ARITHMETIC_OVERFLOW", new Template("an interval does not fit into its type", "", RANGE));
        templates.put(
                "DATETIME_OVERFLOW",
                new Template("no date or timestamp can hold the result of: <operation>", "", RANGE));
        templates.put("DIVIDE_BY_ZERO", new Template("a division by zero", "", NULLIF));
        templates.put("INTERVAL_DIVIDED_BY_ZERO", new Template("a division by zero", "", NULLIF));
        String index = "Use get(array, index), which gives null, or look at the array's size first";
        templates.put(
                "INVALID_ARRAY_INDEX",
                new Template("element <indexValue> of an array that has <arraySize> elements", "", index));
        templates.put(
                "INVALID_ARRAY_INDEX_IN_ELEMENT_AT",
                new Template("element <indexValue> of an array that has <arraySize> elements", "", index));
        templates.put(
                "INVALID_INDEX_OF_ZERO",
                new Template(
                        "element 0, where element_at counts from 1", "", "Ask for 1, the first element, or use get()"));
        templates.put(
                "DUPLICATED_MAP_KEY",
                new Template(
                        "a map would have the key <key> twice",
                        "key",
                        "Leave one of the entries out before making the map"));
        templates.put(
                "NULL_MAP_KEY",
                new Template("a map would have a null key", "", "Leave such entries out, or give them a key"));
        templates.put(
                "SCALAR_SUBQUERY_TOO_MANY_ROWS",
                new Template(
                        "a subquery that stands for one value gave several rows", "", "Aggregate it, e.g. by max()"));
        templates.put(
                "INCONSISTENT_BEHAVIOR_CROSS_VERSION.PARSE_DATETIME_BY_NEW_PARSER",
                new Template(
                        "<datetime> does not follow the pattern that it is read by",
                        "datetime",
                        "Write the pattern as the values are, e.g. yyyy-M-d where months and days may have one digit, or"
                                + " leave such rows out in WHERE"));
        templates.put(
                "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION",
                new Template(
                        "<pattern> is no pattern of dates and times",
                        "",
                        "Mend the pattern, e.g. yyyy-MM-dd HH:mm:ss"));
        templates.put(
                "INVALID_PARAMETER_VALUE",
                new Template("<functionName> can't work with the value of <parameter>", "", "Mend the SQL"));
        templates.put(
                "INVALID_PARAMETER_VALUE.PATTERN",
                new Template("<value> is no regular expression, in <functionName>", "value", PATTERN));
        templates.put(
                "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX",
                new Template(
                        "<functionName> is asked for group <groupIndex> of a pattern that has <groupCount>",
                        "",
                        PATTERN));
        templates.put("INVALID_URL", new Template("<url> is no address", "url", "Leave such rows out in WHERE"));
        templates.put("CANNOT_DECODE_URL", new Template("<url> is no address", "url", "Leave such rows out in WHERE"));
        templates.put(
                "TOO_MANY_ARRAY_ELEMENTS",
                new Template("an array would have <numElements> elements", "", "Make it shorter"));
        templates.put(
                "UNRESOLVED_COLUMN.WITH_SUGGESTION",
                new Template("there is no column <objectName>; there are, e.g., <proposal>", "", NAMES));
        templates.put("UNRESOLVED_COLUMN", new Template("there is no column <objectName>", "", NAMES));
        templates.put(
                "UNRESOLVED_FIELD.WITH_SUGGESTION",
                new Template("<columnPath> has no field <fieldName>; there are, e.g., <proposal>", "", NAMES));
        templates.put("FIELD_NOT_FOUND", new Template("there is no field <fieldName> among <fields>", "", NAMES));
        templates.put("TABLE_OR_VIEW_NOT_FOUND", new Template("there is no table <relationName>", "", NAMES));
        templates.put("UNRESOLVED_ROUTINE", new Template("there is no function <routineName>", "", NAMES));
        templates.put(
                "AMBIGUOUS_REFERENCE",
                new Template("<name> may be any of <referenceNames>", "", "Write the table's name before it"));
        return templates;
    }

    private static String json() {
        return "Leave FAILFAST out: what does not parse is null then, and an expectation can decide about it";
    }
}
