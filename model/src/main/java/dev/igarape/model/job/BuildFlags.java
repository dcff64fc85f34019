package dev.igarape.model.job;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the user allows a build besides tables and dates; the same flags for {@code ./lake run} and for the jar's {@code
 * run}.
 *
 * @param refetch fetch responses of HTTP sources again that were landed before
 * @param acceptGap go on where Kafka has lost records, and record the gap
 * @param acceptLoss build dates again although some rows of their inputs have expired
 * @param acceptIncomplete build dates although more rows of their inputs may arrive
 */
public record BuildFlags(boolean refetch, boolean acceptGap, boolean acceptLoss, boolean acceptIncomplete) {
    /** @throws LakeException (USAGE) for flags that {@code --due} has no use for */
    public void requireFitForDue() {
        if (refetch || acceptGap) {
            throw new LakeException(
                    ExitCode.USAGE,
                    (refetch ? JobOption.REFETCH : JobOption.ACCEPT_GAP)
                            + " is for landings, and --due builds daily tables alone."
                            + " Run the landing by itself first, then --due.");
        }
    }

    /** The flags that are set, as arguments of the jar. */
    public List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        addIf(refetch, JobOption.REFETCH, arguments);
        addIf(acceptGap, JobOption.ACCEPT_GAP, arguments);
        addIf(acceptLoss, JobOption.ACCEPT_LOSS, arguments);
        addIf(acceptIncomplete, JobOption.ACCEPT_INCOMPLETE, arguments);
        return arguments;
    }

    private static void addIf(boolean set, String option, List<String> arguments) {
        if (set) {
            arguments.add(option);
        }
    }
}
