package dev.igarape.cli.base;

import java.nio.file.Path;
import java.util.Map;

/**
 * The folders that the command works with.
 *
 * @param home the checkout
 * @param state what the local stack of this checkout keeps: data, logs, configuration
 * @param cache downloads, shared by all checkouts of a user
 */
public record Workspace(Path home, Path state, Path cache) {
    public Workspace {
        home = home.toAbsolutePath().normalize();
        state = state.toAbsolutePath().normalize();
        cache = cache.toAbsolutePath().normalize();
    }

    /**
     * The workspace of a checkout: state in {@code .lake} (or {@code LAKE_STATE}), cache in {@code
     * $XDG_CACHE_HOME/igarape} or {@code ~/.cache/igarape}.
     */
    public static Workspace of(Path home, Map<String, String> environment) {
        String state = environment.getOrDefault("LAKE_STATE", "");
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        String user = environment.getOrDefault("HOME", System.getProperty("user.home"));
        return new Workspace(
                home,
                state.isEmpty() ? home.resolve(".lake") : Path.of(state),
                (cache.isEmpty() ? Path.of(user, ".cache") : Path.of(cache)).resolve("igarape"));
    }

    /** Filled-in configuration of the servers. */
    public Path conf() {
        return state.resolve("conf");
    }

    /** A server's data; kept when it stops. */
    public Path data(String server) {
        return state.resolve("data").resolve(server);
    }

    public Path log(String name) {
        return state.resolve("logs").resolve(name + ".log");
    }

    /** Notes about running servers. */
    public Path run() {
        return state.resolve("run");
    }

    /** Where this checkout's stack is reached, written by {@code up}. */
    public Path target() {
        return state.resolve("target.json");
    }

    /** What the local Airflow schedules. */
    public Path manifest() {
        return state.resolve("manifest.json");
    }

    /** What commands have compiled, for the jobs that they start. */
    public Path manifests() {
        return state.resolve("manifests");
    }
}
