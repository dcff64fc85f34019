package dev.igarape.jobs.landing.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingCertificate;
import dev.igarape.jobs.testing.TestingMariaDb;
import dev.igarape.jobs.testing.TestingPostgres;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Landing over TLS from a real PostgreSQL and a real MariaDB, each with a certificate for 127.0.0.1 of its own. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class DatabaseTlsTest {
    private static TestingPostgres postgres;
    private static TestingMariaDb mariaDb;
    private static TestingCertificate certificate;
    private static LandedDatabase database;

    @BeforeAll
    static void start(LocalLake local, TestingPostgres postgresServer, TestingMariaDb mariaDbServer) throws Exception {
        postgres = postgresServer;
        mariaDb = mariaDbServer;
        certificate = TestingCertificate.in(local.folder());
        database = new LandedDatabase(local, postgres);
        postgres.encrypt(certificate);
        postgres.execute(
                "CREATE VIEW secured AS SELECT ssl AS encrypted FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
        mariaDb.execute("CREATE VIEW secured AS SELECT variable_value <> '' AS encrypted"
                + " FROM information_schema.session_status WHERE variable_name = 'Ssl_cipher'");
    }

    /** The server itself says how it is asked. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgresql://127.0.0.1 | sslmode=verify-full&sslrootcert={postgresql} | true",
                "postgresql://127.0.0.1 | sslmode=disable | false",
                "mariadb://127.0.0.1 | sslMode=verify-full&serverSslCert={mariadb} | 1",
                "mariadb://127.0.0.1 | sslMode=disable | 0"
            })
    void theUrlSaysWhetherAndWhomToTrust(String server, String options, String encrypted) throws Exception {
        database.url(url(server, options));
        assertThat(database.land("table: secured", "").first().get(0)).hasToString(encrypted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgresql://127.0.0.1 | sslmode=verify-full&sslrootcert={mariadb} | PKIX path | sslrootcert",
                "postgresql://localhost | sslmode=verify-full&sslrootcert={postgresql} | localhost could not | sslrootcert",
                "postgresql://127.0.0.1 | sslmode=verify-ca&sslrootcert=/nonesuch.crt | /nonesuch.crt | sslrootcert",
                "mariadb://127.0.0.1 | sslMode=verify-full&serverSslCert={postgresql} | PKIX path | serverSslCert",
                "mariadb://localhost | sslMode=verify-full&serverSslCert={mariadb} | hostname | serverSslCert",
                "mariadb://127.0.0.1 | sslMode=verify-ca&serverSslCert=/nonesuch.crt | /nonesuch.crt | serverSslCert"
            })
    void aServerThatIsNotTrustedIsADefinitionsFault(String server, String options, String reason, String option) {
        database.url(url(server, options));
        assertThatThrownBy(() -> database.land("table: secured", ""))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining(reason)
                .hasMessageContaining("secured can't be read over TLS: ")
                .hasMessageContaining(". Nothing was committed. Let " + option + " in the URL name a file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgresql://127.0.0.1 | sslmode=require&sslcert=/nonesuch.crt&sslkey=/k.pk8 | /nonesuch.crt | sslcert, sslkey",
                "postgresql://127.0.0.1 | sslmode=require&sslcert={postgresql}&sslkey=/k.pk8 | /k.pk8 | sslcert, sslkey",
                "postgresql://127.0.0.1 | sslmode=require&sslkey={store}&sslpassword=wrong | password | sslcert, sslkey",
                "mariadb://127.0.0.1 | sslMode=trust&keyStore=/nonesuch.p12 | /nonesuch.p12 | keyStore"
            })
    void aCertificateOfOnesOwnThatCanNotBeReadIsNamed(String server, String options, String reason, String option) {
        database.url(url(server, options));
        assertThatThrownBy(() -> database.land("table: secured", ""))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining(reason)
                .hasMessageContaining("secured can't be read over TLS: ")
                .hasMessageContaining(". Nothing was committed. Let " + option);
    }

    private static String url(String server, String options) {
        String address = server.startsWith("postgresql:")
                ? ":" + postgres.port() + "/postgres?user=postgres&"
                : ":" + mariaDb.port() + "/shop?user=root&";
        return "jdbc:" + server + address
                + options.replace("{postgresql}", certificate.certificate().toString())
                        .replace("{store}", certificate.store().toString())
                        .replace(
                                "{mariadb}", mariaDb.certificate().certificate().toString());
    }
}
