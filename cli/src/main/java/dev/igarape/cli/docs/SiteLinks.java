package dev.igarape.cli.docs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rewrites the links of Markdown pages: they lead to files of the checkout, of which the site has just a part. */
final class SiteLinks {
    private static final Pattern RELATIVE = Pattern.compile("\\[([^\\]]*)\\]\\((?![a-z]+:|#)([^)]*)\\)");
    private static final Pattern README = Pattern.compile("([a-z]+)/README\\.md");

    private SiteLinks() {}

    /**
     * A page of {@code docs/}. A link out of that folder goes to the page that a README became, or turns into its text.
     *
     * @param depth how many folders below {@code docs/} the page is
     */
    static String within(String page, int depth) {
        String outside = "../".repeat(depth + 1);
        return RELATIVE.matcher(page).replaceAll(link -> {
            String target = link.group(2);
            if (!target.startsWith(outside)) {
                return Matcher.quoteReplacement(link.group());
            }
            Matcher readme = README.matcher(target.substring(outside.length()));
            return Matcher.quoteReplacement(
                    readme.matches() && Site.FOLDERS.contains(readme.group(1))
                            ? "[%s](%sfolders/%s.md)".formatted(link.group(1), "../".repeat(depth), readme.group(1))
                            : link.group(1));
        });
    }

    /** A page without links to files: what they lead to is not in the site. */
    static String unlinked(String page) {
        return RELATIVE.matcher(page).replaceAll("$1");
    }
}
