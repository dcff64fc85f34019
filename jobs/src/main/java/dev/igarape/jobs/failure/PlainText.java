package dev.igarape.jobs.failure;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Shortens an error message to plain sentences: without error codes, stack traces and advice about Spark settings. */
final class PlainText {
    private static final int LONGEST = 300;
    private static final int LONGEST_VALUE = 120;

    /** Where the readable part of a message ends: stack traces and SQL excerpts follow. */
    private static final Pattern END = Pattern.compile(
            "\\n\\s+at |\\n\\s*(Driver|JVM) stacktrace|\\n?== (SQL|DataFrame)|\\n\\n| at \\[Source:|;\\n|; line \\d+ pos \\d+");

    /** The prefix that the scheduler puts before a task's message. */
    private static final Pattern LOST_TASK = Pattern.compile("Lost task .*?\\(executor [^)]*\\): (?:[\\w.$]+: )?");

    private static final Pattern CODES = Pattern.compile("^(?:[\\w.$]+(?:Exception|Error): )?\\[[A-Z][A-Z0-9_.]*] ?"
            + "|,? ?\\(?SQLSTATE: ?\\w+\\)?|^requirement failed: ");

    /** Advice about settings of Spark, which users of Igarapé cannot change. */
    private static final Pattern ADVICE = Pattern.compile(
            "spark\\.|\\bANSI\\b|bypass this error|\\bLEGACY\\b|Parse Mode|sql-(ref|migration)|`try_\\w+`"
                    + "|datasource option|permissive mode|[Pp]lease report|upgrading to Spark"
                    + "|^Verify the spelling|did not qualify the name|^To tolerate the error|third-party-projects");

    private static final Pattern SENTENCE = Pattern.compile("(?<=[.!?])\\s+");
    private static final Pattern LITERAL = Pattern.compile("(-?[0-9][0-9.E+-]*)(?:BD|L|D|S|Y)");

    private PlainText() {}

    /**
     * The sentences of a message that describe the problem, on one line, without a full stop; empty if there are none.
     */
    static String of(String message) {
        String text = message == null ? "" : message;
        Matcher lost = LOST_TASK.matcher(text);
        if (lost.find()) {
            text = text.substring(lost.end());
        }
        Matcher end = END.matcher(text);
        if (end.find()) {
            text = text.substring(0, end.start());
        }
        text = CODES.matcher(text.strip()).replaceAll("");
        List<String> kept = new ArrayList<>();
        for (String sentence : SENTENCE.split(text)) {
            if (!ADVICE.matcher(sentence).find()) {
                kept.add(sentence);
            }
        }
        String plain = String.join(" ", kept).replaceAll("\\s+", " ").strip().replaceFirst("[.;:,]+$", "");
        return cut(plain, LONGEST);
    }

    /** A value as Spark prints it in messages, without its type suffix, on one line and shortened. */
    static String value(String literal) {
        Matcher number = LITERAL.matcher(literal);
        String plain = number.matches() ? number.group(1) : literal;
        return cut(plain.replaceAll("\\s+", " "), LONGEST_VALUE);
    }

    /** A type, name or expression as Spark prints it in messages, without its quotes. */
    static String name(String quoted) {
        boolean inQuotes = quoted.length() > 1 && quoted.startsWith("\"") && quoted.endsWith("\"");
        return cut(
                (inQuotes ? quoted.substring(1, quoted.length() - 1) : quoted).replaceAll("\\s+", " "), LONGEST_VALUE);
    }

    private static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        // Do not cut a surrogate pair in half.
        int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return text.substring(0, end) + "…";
    }
}
