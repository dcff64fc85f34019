package dev.igarape.model.sql;

/**
 * SQL split into code, strings and comments, without a grammar. Positions in {@link #code()} are positions in the text,
 * so that diagnostics can name them.
 */
public final class SqlText {
    /** The quoting and escaping rules. */
    public enum Dialect {
        /** Both quotes make strings, a backslash escapes, backquotes make identifiers. */
        SPARK,
        /** Double quotes make identifiers, a backslash is a backslash. */
        TRINO
    }

    private static final char BLANK = ' ';

    private final String text;
    private final Dialect dialect;
    private final StringBuilder code;
    private final StringBuilder strings;

    private SqlText(String text, Dialect dialect) {
        this.text = text;
        this.dialect = dialect;
        this.code = new StringBuilder(text);
        this.strings = new StringBuilder(text);
        blank(strings, 0, text.length());
        scan();
    }

    public static SqlText of(String text, Dialect dialect) {
        return new SqlText(text, dialect);
    }

    /** The text with comments, strings and quoted identifiers blanked out; as long as the text, lines kept. */
    public String code() {
        return code.toString();
    }

    /** The text with all but the insides of strings blanked out; as long as the text, lines kept. */
    public String strings() {
        return strings.toString();
    }

    /** The line of this position, from 1. */
    public int line(int position) {
        return 1
                + (int) text.substring(0, position)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
    }

    /** The column of this position, from 1. */
    public int column(int position) {
        return position - text.lastIndexOf('\n', position - 1);
    }

    private void scan() {
        int at = 0;
        while (at < text.length()) {
            int end = skip(at);
            if (end > at) {
                blank(code, at, end);
                at = end;
            } else {
                at++;
            }
        }
    }

    /** The end of what starts here and is not code; {@code at} itself where code starts. */
    private int skip(int at) {
        char c = text.charAt(at);
        if (text.startsWith("--", at)) {
            int end = text.indexOf('\n', at);
            return end < 0 ? text.length() : end;
        }
        if (text.startsWith("/*", at)) {
            return bracketedComment(at);
        }
        if (c == '\'' || (c == '"' && dialect == Dialect.SPARK)) {
            int end = quoted(at, dialect == Dialect.SPARK && !isRaw(at));
            for (int i = at + 1; i < end - 1; i++) {
                strings.setCharAt(i, text.charAt(i));
            }
            return end;
        }
        return c == '`' || c == '"' ? quoted(at, false) : at;
    }

    private int bracketedComment(int start) {
        int depth = 0;
        int at = start;
        while (at < text.length()) {
            if (text.startsWith("/*", at) && (depth == 0 || dialect == Dialect.SPARK)) {
                depth++;
                at += 2;
            } else if (text.startsWith("*/", at)) {
                depth--;
                at += 2;
                if (depth == 0) {
                    return at;
                }
            } else {
                at++;
            }
        }
        return text.length();
    }

    /**
     * The end of the quoted text that starts here; a doubled quote reads as two strings side by side, which makes no
     * difference here.
     */
    private int quoted(int start, boolean backslashEscapes) {
        char quote = text.charAt(start);
        int at = start + 1;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\' && backslashEscapes) {
                at += 2;
            } else if (c == quote) {
                return at + 1;
            } else {
                at++;
            }
        }
        return text.length();
    }

    /** Whether the quote here opens a raw string, {@code r'…'}, in which a backslash is just that. */
    private boolean isRaw(int quote) {
        if (quote == 0 || Character.toLowerCase(text.charAt(quote - 1)) != 'r') {
            return false;
        }
        return quote == 1 || !Character.isJavaIdentifierPart(text.charAt(quote - 2));
    }

    private static void blank(StringBuilder text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (text.charAt(i) != '\n') {
                text.setCharAt(i, BLANK);
            }
        }
    }
}
