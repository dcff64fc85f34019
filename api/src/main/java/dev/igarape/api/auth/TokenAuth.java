package dev.igarape.api.auth;

import dev.igarape.api.http.Problem;
import dev.igarape.api.http.ProblemException;
import dev.igarape.api.http.RequestContext;
import dev.igarape.api.http.RouteHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Authentication by bearer tokens (RFC 6750), before the body of a request is read. A token is never stored, shown or
 * logged; its hash is compared with every known hash, each in constant time.
 */
public final class TokenAuth {
    private static final Logger LOG = LoggerFactory.getLogger(TokenAuth.class);
    private static final String SCHEME = "bearer ";
    private static final String REALM = "Bearer realm=\"igarape\"";

    private final Optional<Path> file;
    private final Clock clock;
    private volatile List<Token> tokens;
    private volatile String refused = "";

    private TokenAuth(Optional<Path> file, Clock clock) {
        this.file = file;
        this.clock = clock;
        this.tokens = file.map(TokensFile::read).orElse(List.of());
    }

    /** Without authentication: every request is allowed. */
    public static TokenAuth allowAll() {
        return new TokenAuth(Optional.empty(), Clock.systemUTC());
    }

    /** @throws TokensException when the file can't be used */
    public static TokenAuth of(Path file, Clock clock) {
        return new TokenAuth(Optional.of(file), clock);
    }

    /** Reads the file again; where it can't be used any more, the tokens stay as they are. Blocks. */
    public void refresh() {
        try {
            tokens = file.map(TokensFile::read).orElse(List.of());
            refused = "";
        } catch (TokensException e) {
            if (!e.getMessage().equals(refused)) {
                refused = e.getMessage();
                LOG.warn("The tokens stay as they were: {}", e.getMessage());
            }
        }
    }

    public boolean allowsAll() {
        return file.isEmpty();
    }

    /** A handler that requires a token with this permission on the request's topic. */
    public RouteHandler require(Permission permission, Function<RequestContext, String> topic, RouteHandler handler) {
        return context -> {
            if (!allowsAll()) {
                Token token = authenticate(context.authorization());
                String requested = topic.apply(context);
                if (!token.allows(permission, requested)) {
                    throw forbidden(token, permission).toException();
                }
            }
            return handler.handle(context);
        };
    }

    /** A handler that requires any valid token. */
    public RouteHandler requireToken(RouteHandler handler) {
        return context -> {
            if (!allowsAll()) {
                authenticate(context.authorization());
            }
            return handler.handle(context);
        };
    }

    private Token authenticate(Optional<String> authorization) {
        if (authorization.isEmpty()) {
            throw unauthorized("no-token", "A token is missing", "Send Authorization: Bearer <token>.", REALM);
        }
        String text = authorization.get();
        if (!text.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw unauthorized(
                    "no-token",
                    "A token is missing",
                    "The header Authorization has no bearer token. Send Authorization: Bearer <token>.",
                    REALM);
        }
        byte[] hash = sha256(text.substring(SCHEME.length()).strip());
        Optional<Token> found = Optional.empty();
        for (Token token : tokens) {
            if (MessageDigest.isEqual(hash, token.sha256())) {
                found = Optional.of(token);
            }
        }
        String invalid = REALM + ", error=\"invalid_token\"";
        Token token = found.orElseThrow(() -> unauthorized(
                "bad-token",
                "The token is not known",
                "No token here is this one. Check it, or ask who runs this service for one.",
                invalid));
        if (token.isExpired(clock.instant())) {
            throw unauthorized(
                    "expired-token",
                    "The token has expired",
                    "The token '" + token.name() + "' has expired. Ask who runs this service for another.",
                    invalid);
        }
        return token;
    }

    private static ProblemException unauthorized(String name, String title, String detail, String challenge) {
        return Problem.of(401, name, title, detail)
                .with("WWW-Authenticate", challenge)
                .toException();
    }

    private static Problem forbidden(Token token, Permission permission) {
        return Problem.of(
                        403,
                        "no-right",
                        "The token does not allow this",
                        "The token '" + token.name() + "' has no right to '" + permission.jsonName()
                                + "' here. Ask who runs this service for it.")
                .with("WWW-Authenticate", REALM + ", error=\"insufficient_scope\"");
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
