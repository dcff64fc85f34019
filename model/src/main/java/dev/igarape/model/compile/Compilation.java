package dev.igarape.model.compile;

import dev.igarape.model.Manifest;
import dev.igarape.model.compile.diagnostic.Diagnostic;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.List;
import java.util.stream.Collectors;

/** The result of compiling a project. */
public sealed interface Compilation {
    /**
     * The manifest of a project that compiles.
     *
     * @throws LakeException with {@link ExitCode#DEFINITION} that lists every diagnostic, one a line
     */
    Manifest orThrow();

    /** The warnings on a project that compiles; none where it does not. */
    default List<Diagnostic> warnings() {
        return List.of();
    }

    /**
     * The project compiles.
     *
     * @param warnings what may be right and should be looked at, by file and line
     */
    record Compiled(Manifest manifest, List<Diagnostic> warnings) implements Compilation {
        public Compiled {
            warnings = List.copyOf(warnings);
        }

        @Override
        public Manifest orThrow() {
            return manifest;
        }
    }

    /**
     * The project does not compile.
     *
     * @param diagnostics all of them, by file and line; at least one
     */
    record Failed(List<Diagnostic> diagnostics) implements Compilation {
        public Failed {
            diagnostics = List.copyOf(diagnostics);
        }

        @Override
        public Manifest orThrow() {
            String lines = diagnostics.stream().map(Diagnostic::toString).collect(Collectors.joining("\n"));
            String count = diagnostics.size() == 1 ? "1 fault" : diagnostics.size() + " faults";
            throw new LakeException(ExitCode.DEFINITION, lines + "\nThe project does not compile: " + count + ".");
        }
    }
}
