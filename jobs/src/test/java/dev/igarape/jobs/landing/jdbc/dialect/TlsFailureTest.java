package dev.igarape.jobs.landing.jdbc.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.SocketException;
import java.security.InvalidAlgorithmParameterException;
import java.security.UnrecoverableKeyException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import javax.net.ssl.SSLHandshakeException;
import javax.security.auth.login.LoginException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Failures as pgJDBC 42.7 and MariaDB's driver 3.5 give them. */
final class TlsFailureTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "The server does not support SSL.",
                "Trying to connect with ssl, but ssl not enabled in the server",
                "The hostname db could not be verified by hostnameverifier PgjdbcHostnameVerifier.",
                "SSL hostname verification failed : DNS host \"db\" doesn't correspond to CN",
                "File not found for option `serverSslCert` (value: '/nonesuch.crt')",
                "Failed to find trustStore file. trustStore=/nonesuch.p12",
                "Failed load keyStore",
                "Failed to load certificates from serverSslCert/trustStore",
                "Self signed certificates. Either set sslMode=trust, use password with a MitM-Proof authentication plugin"
                        + " or provide server certificate to client",
                "SSL error: Received fatal alert: protocol_version",
                "SSL error: Received fatal alert: handshake_failure"
            })
    void textsOfServers(String text) {
        assertThat(TlsFailure.of(new SQLException(text))).contains(TlsFailure.SERVER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Failed to read keyStore file. Option keyStore=/nonesuch.p12",
                "SSL error: Received fatal alert: bad_certificate",
                "SSL error: Received fatal alert: certificate_required",
                "SSL error: Received fatal alert: certificate_expired",
                "SSL error: Received fatal alert: unknown_ca"
            })
    void textsOfClients(String text) {
        assertThat(TlsFailure.of(new SQLException(text))).contains(TlsFailure.CLIENT);
    }

    @Test
    void causesOfAServerThatIsNotTrusted() {
        assertThat(TlsFailure.of(because(new SSLHandshakeException("any").initCause(new CertificateException("any")))))
                .contains(TlsFailure.SERVER);
        assertThat(TlsFailure.of(because(new CertPathBuilderException("any")))).contains(TlsFailure.SERVER);
        assertThat(TlsFailure.of(because(new InvalidAlgorithmParameterException("the trustAnchors parameter"))))
                .contains(TlsFailure.SERVER);
        assertThat(TlsFailure.of(because(new FileNotFoundException("/nonesuch.crt"))))
                .contains(TlsFailure.SERVER);
    }

    /** Whatever language pgJDBC speaks. */
    @ParameterizedTest
    @ValueSource(strings = {"org.postgresql.ssl.LazyKeyManager", "org.postgresql.ssl.PKCS12KeyManager"})
    void whatPostgresKeyManagersMeetIsOfTheClient(String keyManager) {
        SQLException missing = because(new FileNotFoundException("/nonesuch.crt"));
        missing.setStackTrace(new StackTraceElement[] {
            new StackTraceElement(keyManager, "getCertificateChain", null, 1),
            new StackTraceElement("org.postgresql.ssl.MakeSSL", "convert", null, 1)
        });
        assertThat(TlsFailure.of(missing)).contains(TlsFailure.CLIENT);
    }

    @Test
    void othersAreNone() {
        assertThat(TlsFailure.of(because(new LoginException("Unable to obtain password from user"))))
                .isEmpty();
        assertThat(TlsFailure.of(
                        because(new IOException("keystore password", new UnrecoverableKeyException("of a keytab")))))
                .isEmpty();
        assertThat(TlsFailure.of(because(new SocketException("Connection reset"))))
                .isEmpty();
        assertThat(TlsFailure.of(new SQLException("SSL error: Received fatal alert: internal_error")))
                .isEmpty();
        assertThat(TlsFailure.of(new SQLException("O servidor não suporta SSL.", "08004")))
                .isEmpty();
    }

    private static SQLException because(Throwable cause) {
        return new SQLException("A tentativa de conexão falhou.", "08006", cause);
    }
}
