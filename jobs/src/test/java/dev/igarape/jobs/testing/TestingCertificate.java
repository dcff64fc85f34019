package dev.igarape.jobs.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A certificate for 127.0.0.1, and for no name, which has signed itself.
 *
 * @param store a PKCS #12 store with certificate and key
 * @param certificate as PEM, for servers and for those who trust it
 * @param key as PEM, for servers; only its owner may read it
 */
public record TestingCertificate(Path store, Path certificate, Path key) {
    /** Of the store and of the key in it. */
    public static final String PASSWORD = "changeit";

    private static final String ALIAS = "server";
    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /** Makes one by {@code keytool}, in a folder. */
    public static TestingCertificate in(Path folder) {
        TestingCertificate made = new TestingCertificate(
                folder.resolve("server.p12"), folder.resolve("server.crt"), folder.resolve("server.key"));
        try {
            keytool(made.store);
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(made.store)) {
                store.load(in, PASSWORD.toCharArray());
            }
            write(made.certificate, "CERTIFICATE", store.getCertificate(ALIAS).getEncoded());
            // No server takes a key that others may read.
            Files.createFile(
                    made.key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            write(
                    made.key,
                    "PRIVATE KEY",
                    store.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void keytool(Path store) throws IOException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=testing",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        try {
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException("keytool has made no certificate");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void write(Path file, String what, byte[] bytes) throws IOException {
        Files.writeString(
                file, "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(what, PEM.encodeToString(bytes)));
    }
}
