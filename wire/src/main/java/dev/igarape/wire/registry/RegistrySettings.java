package dev.igarape.wire.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;

/**
 * Settings of the registry client, under Confluent's names. A name may carry the prefix
 * {@code schema.registry.}, as Confluent's client allows too.
 *
 * @param urls without credentials and trailing slash, in order of preference
 * @param authorization the value of the HTTP header
 * @param maxRetries how often all of {@code urls} are tried again
 * @param latestTtl how long the answer to "latest" is kept; zero asks each time
 */
record RegistrySettings(
        List<String> urls,
        Optional<String> authorization,
        Duration connectTimeout,
        Duration readTimeout,
        int maxRetries,
        Duration retryWait,
        Duration retryMaxWait,
        Duration latestTtl) {
    static final String URL = "schema.registry.url";
    static final String CREDENTIALS_SOURCE = "basic.auth.credentials.source";
    static final String USER_INFO = "basic.auth.user.info";
    static final String CONNECT_TIMEOUT = "http.connect.timeout.ms";
    static final String READ_TIMEOUT = "http.read.timeout.ms";
    static final String MAX_RETRIES = "max.retries";
    static final String RETRY_WAIT = "retries.wait.ms";
    static final String RETRY_MAX_WAIT = "retries.max.wait.ms";
    static final String LATEST_TTL = "latest.cache.ttl.sec";

    private static final String NAMESPACE = "schema.registry.";

    /** Reads the configuration, or throws one {@link ConfigException} that names every error. */
    static RegistrySettings of(Map<String, ?> config) {
        List<String> errors = new ArrayList<>();
        List<URI> uris = uris(config, errors);
        Optional<String> authorization = authorization(config, uris, errors);
        Duration connectTimeout = Duration.ofMillis(number(config, CONNECT_TIMEOUT, 10_000, 1, errors));
        Duration readTimeout = Duration.ofMillis(number(config, READ_TIMEOUT, 30_000, 1, errors));
        int maxRetries = (int) number(config, MAX_RETRIES, 3, 0, errors);
        Duration retryWait = Duration.ofMillis(number(config, RETRY_WAIT, 500, 0, errors));
        Duration retryMaxWait = Duration.ofMillis(number(config, RETRY_MAX_WAIT, 10_000, 0, errors));
        long ttl = number(config, LATEST_TTL, 5, -1, errors);
        refuseUnsupported(config, errors);
        if (!errors.isEmpty()) {
            throw new ConfigException("Invalid configuration of the schema registry: " + String.join(" ", errors));
        }
        return new RegistrySettings(
                uris.stream().map(RegistrySettings::withoutCredentials).toList(),
                authorization,
                connectTimeout,
                readTimeout,
                maxRetries,
                retryWait,
                retryMaxWait,
                ttl < 0 ? Duration.ofDays(36_500) : Duration.ofSeconds(ttl));
    }

    private static List<URI> uris(Map<String, ?> config, List<String> errors) {
        List<URI> uris = new ArrayList<>();
        for (String url : urlTexts(config.get(URL))) {
            try {
                URI uri = new URI(url);
                String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
                if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
                    errors.add("`" + URL + "` has an entry that is not an http or https URL with a host.");
                } else {
                    uris.add(uri);
                }
            } catch (URISyntaxException e) {
                errors.add("`" + URL + "` has an entry that is not a URL: " + e.getReason() + ".");
            }
        }
        if (uris.isEmpty() && errors.isEmpty()) {
            errors.add("`" + URL + "` is missing; give one URL, or several with commas between them.");
        }
        return uris;
    }

    private static List<String> urlTexts(Object value) {
        List<String> urls = new ArrayList<>();
        if (value instanceof Iterable<?> several) {
            several.forEach(url -> urls.add(String.valueOf(url).trim()));
        } else if (value != null) {
            for (String url : value.toString().split(",", -1)) {
                if (!url.isBlank()) {
                    urls.add(url.trim());
                }
            }
        }
        return urls;
    }

    private static Optional<String> authorization(Map<String, ?> config, List<URI> uris, List<String> errors) {
        String source = text(config, CREDENTIALS_SOURCE).orElse("URL").trim().toUpperCase(Locale.ROOT);
        switch (source) {
            case "URL":
                return uris.stream()
                        .filter(uri -> uri.getUserInfo() != null)
                        .findFirst()
                        .map(uri -> basic(uri.getUserInfo()));
            case "USER_INFO":
                Optional<String> userInfo = text(config, USER_INFO).filter(info -> info.indexOf(':') > 0);
                if (userInfo.isEmpty()) {
                    errors.add("`" + CREDENTIALS_SOURCE + "` is USER_INFO, but `" + USER_INFO
                            + "` is not of the form user:password.");
                }
                return userInfo.map(RegistrySettings::basic);
            default:
                errors.add("`" + CREDENTIALS_SOURCE + "` is " + source + "; supported are URL and USER_INFO.");
                return Optional.empty();
        }
    }

    private static String basic(String userInfo) {
        return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
    }

    /** Settings that would be dangerous to overlook, because they are about who is on the other side. */
    private static void refuseUnsupported(Map<String, ?> config, List<String> errors) {
        text(config, "bearer.auth.credentials.source")
                .ifPresent(value -> errors.add("`bearer.auth.credentials.source` is not supported; use basic.auth.*."));
        config.keySet().stream()
                .filter(key -> key.startsWith(NAMESPACE + "ssl."))
                .filter(key -> config.get(key) != null)
                .sorted()
                .findFirst()
                .ifPresent(key -> errors.add("`" + key
                        + "` is not supported; name the trust and key store to the JVM (javax.net.ssl.trustStore and"
                        + " so on)."));
    }

    private static long number(Map<String, ?> config, String key, long standard, long min, List<String> errors) {
        Optional<String> text = text(config, key);
        if (text.isEmpty()) {
            return standard;
        }
        try {
            long value = Long.parseLong(text.get().trim());
            if (value >= min && value <= Integer.MAX_VALUE) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below, together with numbers out of range.
        }
        errors.add("`" + key + "` is `" + text.get() + "`; it takes a whole number from " + min + " on.");
        return standard;
    }

    private static Optional<String> text(Map<String, ?> config, String key) {
        Object value = config.get(key) == null ? config.get(NAMESPACE + key) : config.get(key);
        return Optional.ofNullable(value).map(Object::toString);
    }

    private static String withoutCredentials(URI uri) {
        String authority = uri.getRawAuthority().substring(uri.getRawAuthority().lastIndexOf('@') + 1);
        String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
        return uri.getScheme() + "://" + authority + path;
    }
}
