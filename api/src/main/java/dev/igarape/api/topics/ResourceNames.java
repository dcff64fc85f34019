package dev.igarape.api.topics;

import dev.igarape.api.http.Problem;
import dev.igarape.api.http.ProblemException;
import dev.igarape.api.http.Sanitized;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Validation of names of topics and subjects: what Kafka allows, except names that start with a dot or an underscore.
 * Kafka keeps such names to itself and Hadoop hides their folders.
 */
public final class ResourceNames {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]*");
    private static final int LONGEST_TOPIC = 249;
    private static final String VALUE = "-value";

    private ResourceNames() {}

    /** @throws ProblemException 400 */
    static String topic(String text) {
        return check("topic", text, LONGEST_TOPIC);
    }

    /** @throws ProblemException 400 */
    public static String subject(String text) {
        return check("subject", text, LONGEST_TOPIC + VALUE.length());
    }

    /** The subject that holds the schema of a topic's values. */
    static String valueSubject(String topic) {
        return topic + VALUE;
    }

    /** The topic that a subject belongs to; a subject of another form stands for itself. */
    public static String topicOf(String subject) {
        for (String end : List.of(VALUE, "-key")) {
            if (subject.endsWith(end)) {
                return subject.substring(0, subject.length() - end.length());
            }
        }
        return subject;
    }

    private static String check(String what, String text, int longest) {
        if (text.length() <= longest && NAME.matcher(text).matches()) {
            return text;
        }
        throw Problem.badRequest(
                        "bad-name",
                        "The name of the " + what + " can't be used",
                        "'" + Sanitized.of(text) + "' is no name of a " + what
                                + ". Use letters of ASCII, digits, '.', '_' and" + " '-', first a letter or digit, "
                                + longest + " characters at most.")
                .toException();
    }
}
