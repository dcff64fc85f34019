package dev.igarape.model.compile;

import dev.igarape.model.ManifestFile;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.sql.SqlParser;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * The compiler as a program, for a JVM with Spark's parser on its class path: {@code CompileMain PROJECT MANIFEST}.
 * Diagnostics and warnings go to standard error, one a line.
 */
public final class CompileMain {
    private final SqlParser parser;
    private final PrintStream errors;

    CompileMain(SqlParser parser, PrintStream errors) {
        this.parser = parser;
        this.errors = errors;
    }

    public static void main(String[] args) {
        ExitCode code;
        try {
            code = new CompileMain(SqlParser.load(), System.err).run(List.of(args));
        } catch (LakeException e) {
            System.err.println(e.getMessage());
            code = e.exitCode();
        }
        System.exit(code.status());
    }

    /** Writes the manifest, or prints the diagnostics and leaves an existing manifest alone. */
    ExitCode run(List<String> arguments) {
        try {
            if (arguments.size() != 2) {
                throw new LakeException(
                        ExitCode.USAGE,
                        "Got " + arguments.size() + " arguments. Give the project's folder and the manifest to write.");
            }
            Compilation compilation = new ProjectCompiler(parser).compile(Path.of(arguments.get(0)));
            ManifestFile.write(compilation.orThrow(), Path.of(arguments.get(1)));
            compilation.warnings().forEach(warning -> errors.println("warning: " + warning));
            return ExitCode.DONE;
        } catch (InvalidPathException e) {
            errors.println("'" + e.getInput() + "' is not a path. Give the project's folder and the manifest.");
            return ExitCode.USAGE;
        } catch (LakeException e) {
            errors.println(e.getMessage());
            return e.exitCode();
        }
    }
}
