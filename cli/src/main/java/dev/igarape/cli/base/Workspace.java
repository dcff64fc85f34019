package dev.igarape.cli.base;

import java.nio.file.Path;
import java.util.Map;

/**
 * The folders of a checkout and of its local stack.
 *
 * @param home the checkout
 * @param state the state of this checkout's local stack: data, logs, configuration
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

    /** The configuration files of the servers, filled in. */
    public Path conf() {
        return state.resolve("conf");
    }

    /** The data of a server, kept when it stops. */
    public Path data(String server) {
        return state.resolve("data").resolve(server);
    }

    public Path log(String name) {
        return state.resolve("logs").resolve(name + ".log");
    }

    /** The process records of servers. */
    public Path run() {
        return state.resolve("run");
    }

    /** What the stack consists of, as {@code up} was last asked for it; absent while that is the profile {@code local}. */
    public Path profile() {
        return state.resolve("profile.json");
    }

    /** The target {@code local}, written by {@code up}. */
    public Path target() {
        return state.resolve("target.json");
    }

    /** Where the live service says how to reach it; absent while none has begun to answer. */
    public Path liveProcess() {
        return data("live").resolve("process.json");
    }

    /** The manifest that the local Airflow schedules. */
    public Path manifest() {
        return state.resolve("manifest.json");
    }

    /** The manifests that commands have compiled for the jobs that they start. */
    public Path manifests() {
        return state.resolve("manifests");
    }
}
