package dev.igarape.model.compile.query;

import dev.igarape.model.sql.SqlParser.SqlSyntaxException;
import dev.igarape.model.trino.antlr.BaseErrorListener;
import dev.igarape.model.trino.antlr.CharStreams;
import dev.igarape.model.trino.antlr.CommonTokenStream;
import dev.igarape.model.trino.antlr.RecognitionException;
import dev.igarape.model.trino.antlr.Recognizer;
import dev.igarape.model.trino.antlr.Token;
import dev.igarape.model.trino.antlr.atn.PredictionMode;
import dev.igarape.model.trino.antlr.tree.ParseTree;
import dev.igarape.model.trino.grammar.SqlBaseLexer;
import dev.igarape.model.trino.grammar.SqlBaseParser;
import dev.igarape.model.trino.grammar.SqlBaseParser.BackQuotedIdentifierContext;
import dev.igarape.model.trino.grammar.SqlBaseParser.DigitIdentifierContext;
import dev.igarape.model.trino.grammar.SqlBaseParser.IdentifierContext;
import dev.igarape.model.trino.grammar.SqlBaseParser.NamedQueryContext;
import dev.igarape.model.trino.grammar.SqlBaseParser.QualifiedNameContext;
import dev.igarape.model.trino.grammar.SqlBaseParser.QueryContext;
import dev.igarape.model.trino.grammar.SqlBaseParser.QuotedIdentifierContext;
import dev.igarape.model.trino.grammar.SqlBaseParser.RootQueryContext;
import dev.igarape.model.trino.grammar.SqlBaseParser.TableArgumentTableContext;
import dev.igarape.model.trino.grammar.SqlBaseParser.TableContext;
import dev.igarape.model.trino.grammar.SqlBaseParser.TableNameContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Table references of a Trino query, by Trino's own grammar. */
public final class TrinoTableReferences {
    /**
     * A reference to a table; common table expressions of the query are none.
     *
     * @param parts as Trino understands them: without quotes, in lower case
     * @param position index in the text
     */
    public record TableReference(List<String> parts, int position) {}

    private final String sql;
    private final List<TableReference> of = new ArrayList<>();

    private TrinoTableReferences(String sql) {
        this.sql = sql;
    }

    /**
     * The table references of a query, in order, duplicates included.
     *
     * @throws SqlSyntaxException where Trino's parser would stop
     */
    public static List<TableReference> of(String sql) {
        TrinoTableReferences query = new TrinoTableReferences(sql);
        query.visit(parse(sql), Set.of());
        return query.of;
    }

    /** As Trino does it: by the fast prediction, and where that fails, by the one that is always right. */
    private static RootQueryContext parse(String sql) {
        try {
            return parse(sql, PredictionMode.SLL);
        } catch (SqlSyntaxException e) {
            return parse(sql, PredictionMode.LL);
        }
    }

    private static RootQueryContext parse(String sql, PredictionMode mode) {
        SqlBaseLexer lexer = new SqlBaseLexer(CharStreams.fromString(sql));
        SqlBaseParser parser = new SqlBaseParser(new CommonTokenStream(lexer));
        lexer.removeErrorListeners();
        lexer.addErrorListener(new Refusing());
        parser.removeErrorListeners();
        parser.addErrorListener(new Refusing());
        parser.getInterpreter().setPredictionMode(mode);
        RootQueryContext query = parser.rootQuery();
        Token next = parser.getCurrentToken();
        if (next.getType() != Token.EOF) {
            throw unexpected(next);
        }
        return query;
    }

    /** @param named the names that {@code WITH} has made here */
    private void visit(ParseTree tree, Set<String> named) {
        if (tree instanceof QueryContext query && query.with() != null) {
            Set<String> known = new HashSet<>(named);
            for (NamedQueryContext common : query.with().namedQuery()) {
                String name = value(common.name);
                Set<String> inside = new HashSet<>(known);
                if (query.with().RECURSIVE() != null) {
                    inside.add(name);
                }
                visit(common, inside);
                known.add(name);
            }
            visit(query.queryNoWith(), known);
            return;
        }
        if (tree instanceof TableNameContext table) {
            read(table.qualifiedName(), named);
        } else if (tree instanceof TableContext table) {
            read(table.qualifiedName(), named);
        } else if (tree instanceof TableArgumentTableContext table) {
            read(table.qualifiedName(), named);
        } else if (tree instanceof IdentifierContext identifier) {
            check(identifier);
        }
        for (int i = 0; i < tree.getChildCount(); i++) {
            visit(tree.getChild(i), named);
        }
    }

    private void read(QualifiedNameContext name, Set<String> named) {
        List<String> parts =
                name.identifier().stream().map(TrinoTableReferences::value).toList();
        if (parts.size() > 1 || !named.contains(parts.get(0))) {
            // The parser counts code points.
            of.add(new TableReference(
                    parts, sql.offsetByCodePoints(0, name.getStart().getStartIndex())));
        }
    }

    private static String value(IdentifierContext identifier) {
        String written = identifier.getText();
        String name = identifier instanceof QuotedIdentifierContext
                ? written.substring(1, written.length() - 1).replace("\"\"", "\"")
                : written;
        return name.toLowerCase(Locale.ROOT);
    }

    /** Trino's grammar takes these so that its parser can say what is wrong with them. */
    private static void check(IdentifierContext identifier) {
        if (identifier instanceof BackQuotedIdentifierContext) {
            throw refused(
                    identifier.getStart(), "backquoted identifiers are not supported; use double quotes to quote them");
        }
        if (identifier instanceof DigitIdentifierContext) {
            throw refused(
                    identifier.getStart(), "identifiers must not start with a digit; surround them with double quotes");
        }
        if (identifier instanceof QuotedIdentifierContext
                && identifier.getText().length() == 2) {
            throw refused(identifier.getStart(), "zero-length quoted identifier");
        }
    }

    private static SqlSyntaxException unexpected(Token at) {
        return refused(at, at.getType() == Token.EOF ? "it ends too early" : "unexpected '" + at.getText() + "'");
    }

    private static SqlSyntaxException refused(Token at, String message) {
        return new SqlSyntaxException(message, at.getLine(), at.getCharPositionInLine() + 1);
    }

    /** Ends the parsing at the first error. */
    private static final class Refusing extends BaseErrorListener {
        @Override
        public void syntaxError(
                Recognizer<?, ?> recognizer,
                Object symbol,
                int line,
                int column,
                String message,
                RecognitionException reason) {
            // What could have stood there is a page of keywords.
            throw symbol instanceof Token token ? unexpected(token) : new SqlSyntaxException(message, line, column + 1);
        }
    }
}
