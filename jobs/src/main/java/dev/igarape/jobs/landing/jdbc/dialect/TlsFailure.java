package dev.igarape.jobs.landing.jdbc.dialect;

import java.io.FileNotFoundException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.regex.Pattern;

/** Tells failures to agree on TLS, which last until somebody mends the URL or a certificate, from those of a network. */
final class TlsFailure {
    /**
     * What drivers say, in any language, of a host that a certificate is not for, of a file that is not there, of a server
     * that has no TLS and of one that refuses the client's certificate.
     */
    private static final Pattern SIGN = Pattern.compile("PgjdbcHostnameVerifier|SSL hostname verification failed"
            + "|File not found for option|ssl not enabled in the server|does not support SSL|Self signed certificates"
            + "|Received fatal alert: (?!internal_error)");

    private TlsFailure() {}

    /** Whether a failure to connect is one. */
    static boolean is(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneralSecurityException
                    || cause instanceof FileNotFoundException
                    || SIGN.matcher(String.valueOf(cause.getMessage())).find()) {
                return true;
            }
        }
        return false;
    }
}
