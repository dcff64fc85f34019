package dev.igarape.cli.stack;

import dev.igarape.cli.base.Progress;
import dev.igarape.cli.stack.config.ProfileFile;
import dev.igarape.cli.stack.server.Kafka;
import dev.igarape.cli.stack.server.StackContext;
import dev.igarape.cli.stack.server.Storage;
import java.util.Set;

/**
 * The second half of a stack's move to a profile with more nodes. The first nodes of the new profile have started on the data
 * of the old one, which no other node has yet; this gives them to the others.
 */
final class Growth {
    private final StackContext context;
    private final Progress progress;

    Growth(StackContext context, Progress progress) {
        this.context = context;
        this.progress = progress;
    }

    /**
     * Gives data their replicas, if they lack any, as soon as all nodes that hold data run. One that was cut off is done again.
     *
     * @param incomplete groups of servers of which one does not run
     */
    void finish(Set<String> incomplete) {
        ProfileFile file = ProfileFile.read(context.workspace());
        if (!file.isGrowing()) {
            return;
        }
        if (incomplete.contains(Storage.NAME) || incomplete.contains(Kafka.NAME)) {
            progress.step("Data of before have one replica until all nodes have run: ./lake up --only storage,kafka");
            return;
        }
        progress.step("Replicating what the stack had before it was a cluster");
        Storage.replicate(context);
        Kafka.replicate(context);
        file.grown();
    }
}
