package dev.igarape.cli.stack.server;

import dev.igarape.cli.process.Daemon;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One server of the local stack. */
public interface Server {
    /** Short name: of its folder, its log, and in commands. */
    String name();

    /** Names of the servers that must be ready before this one starts. */
    default Set<String> needs() {
        return Set.of();
    }

    /** Brings what it needs onto the machine; nothing to do when that is there already. */
    void install();

    /**
     * Writes its configuration and says how it is started. Called when the ports are known; the answer is the same for
     * as long as nothing changes, and a server whose answer has changed is started anew.
     */
    Daemon.Launch launch();

    /** Files and folders whose change means that it must be started anew; they may be missing. */
    List<Path> configuration();

    /** Makes its data folder usable; called before each start. */
    default void prepare() {}

    /** Whether it answers, and not something else on its port. */
    boolean ready();

    /** How long it may take until it answers. */
    default Duration patience() {
        return Duration.ofMinutes(6);
    }

    /** How long it may take to end by itself. */
    default Duration grace() {
        return Duration.ofSeconds(30);
    }

    /** Where people and programs reach it, by what is there. */
    Map<String, String> addresses();
}
