package dev.igarape.api;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The certificate and key of the server.
 *
 * @param certificate the chain, PEM, its own certificate first
 * @param key its private key, PEM in PKCS #8, not encrypted
 */
record Tls(Path certificate, Path key) {
    private static final String CERTIFICATE = "IGARAPE_API_TLS_CERTIFICATE";
    private static final String KEY = "IGARAPE_API_TLS_KEY";

    static Optional<Tls> from(Settings settings) {
        Optional<Path> certificate = file(settings, CERTIFICATE);
        Optional<Path> key = file(settings, KEY);
        if (certificate.isPresent() != key.isPresent()) {
            settings.addError("TLS wants both, a certificate in " + CERTIFICATE + " and its key in " + KEY + ".");
        }
        return certificate.flatMap(chain -> key.map(secret -> new Tls(chain, secret)));
    }

    private static Optional<Path> file(Settings settings, String name) {
        Optional<Path> file = settings.text(name).map(Path::of);
        file.filter(path -> !Files.isReadable(path))
                .ifPresent(
                        path -> settings.addError(name + " is '" + path + "', which can't be read. Give a PEM file."));
        return file;
    }
}
