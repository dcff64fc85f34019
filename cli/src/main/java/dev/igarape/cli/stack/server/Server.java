package dev.igarape.cli.stack.server;

import dev.igarape.cli.process.Daemon;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A server of the local stack. */
public interface Server {
    /** Its short name, in commands and of its folder and log. */
    String name();

    /**
     * What commands call it and its like: servers that are nodes of one thing share it, and have the name of the one server
     * that the profile {@code local} has in their place.
     */
    default String group() {
        return name();
    }

    /** Names or groups of the servers that must be ready before this one starts. */
    default Set<String> dependencies() {
        return Set.of();
    }

    /** Whether only its own command starts it, and not {@code ./lake up}. */
    default boolean hasOwnStart() {
        return false;
    }

    /** Whether {@code ./lake up} starts it without naming it. */
    default boolean startsWithStack() {
        return !hasOwnStart();
    }

    /** Installs its programs; nothing to do when they are there. */
    void install();

    /**
     * Writes its configuration and returns how it is launched. Called when the ports are chosen; a server whose launch has
     * changed is restarted.
     */
    Daemon.Launch launch();

    /** Files and folders whose change requires a restart; they may be missing. */
    List<Path> configuration();

    /** Prepares its data folder; called before each start. */
    default void prepare() {}

    /** Removes what says that it runs; called when none of its processes is left. */
    default void stopped() {}

    /** Whether it is ready; another program on its port does not count. */
    boolean ready();

    /** How long it may take until it is ready. */
    default Duration startTimeout() {
        return Duration.ofMinutes(6);
    }

    /** How long it may take to stop before it is killed. */
    default Duration stopTimeout() {
        return Duration.ofSeconds(30);
    }

    /** Its URLs, by what is there. */
    Map<String, String> addresses();
}
