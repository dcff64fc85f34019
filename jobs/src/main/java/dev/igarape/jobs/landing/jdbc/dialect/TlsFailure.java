package dev.igarape.jobs.landing.jdbc.dialect;

import java.io.FileNotFoundException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Failures to agree on TLS, which last until somebody mends the URL or a certificate, apart from those of a network. */
enum TlsFailure {
    /** The server has no TLS, or its certificate is not trusted or not for its host, or what is trusted can't be read. */
    SERVER {
        @Override
        String remedy(Dialect dialect) {
            return "Let " + dialect.trustOption() + " in the URL name a file, on every machine that runs the job, with"
                    + " the certificate that has signed the database's, and the host be one that it is for; where"
                    + " the server has no TLS, switch it on.";
        }
    },
    /** The client's own certificate or key can't be read, or the server does not take it. */
    CLIENT {
        @Override
        String remedy(Dialect dialect) {
            return "Let " + dialect.ownOptions() + " in the URL name what is there, on every machine that runs the job:"
                    + " a certificate that the server takes, its key, and the key's password.";
        }
    };

    /**
     * What drivers say of a host that a certificate is not for, of a server that has no TLS, and of what is trusted and can't be
     * read. MariaDB's says it in English alone. pgJDBC speaks the JVM's language, of which no word is taken but that a server has
     * no TLS: in others than English, that is a refused login.
     */
    private static final Pattern OF_SERVER = Pattern.compile("PgjdbcHostnameVerifier|SSL hostname verification failed"
            + "|File not found for option|Failed load keyStore|Failed to find trustStore|from serverSslCert"
            + "|ssl not enabled in the server|does not support SSL|Self signed certificates"
            + "|Received fatal alert: (?!internal_error)");

    private static final Pattern OF_CLIENT = Pattern.compile("Failed to read keyStore file"
            + "|Received fatal alert: (certificate_|(bad|unsupported)_certificate|unknown_ca|access_denied)");

    /** pgJDBC reads the client's certificate and key in classes of such a name. */
    private static final Pattern KEY_MANAGER = Pattern.compile("org\\.postgresql\\.ssl\\.\\w+KeyManager");

    /** What to do about it. */
    abstract String remedy(Dialect dialect);

    /** Which one a failure to connect is; empty for others. */
    static Optional<TlsFailure> of(SQLException failure) {
        if (causes(failure).anyMatch(TlsFailure::isOfClient)) {
            return Optional.of(CLIENT);
        }
        return causes(failure).anyMatch(TlsFailure::isOfServer) ? Optional.of(SERVER) : Optional.empty();
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
    }

    private static boolean isOfClient(Throwable cause) {
        return says(OF_CLIENT, cause)
                || Arrays.stream(cause.getStackTrace())
                        .anyMatch(frame ->
                                KEY_MANAGER.matcher(frame.getClassName()).matches());
    }

    /** An {@link InvalidAlgorithmParameterException} is that of a file in which no certificate is. */
    private static boolean isOfServer(Throwable cause) {
        return cause instanceof CertificateException
                || cause instanceof CertPathBuilderException
                || cause instanceof CertPathValidatorException
                || cause instanceof InvalidAlgorithmParameterException
                || cause instanceof FileNotFoundException
                || says(OF_SERVER, cause);
    }

    private static boolean says(Pattern sign, Throwable cause) {
        return sign.matcher(String.valueOf(cause.getMessage())).find();
    }
}
