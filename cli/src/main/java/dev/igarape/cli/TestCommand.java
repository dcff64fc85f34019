package dev.igarape.cli;

import dev.igarape.cli.install.Jdk;
import dev.igarape.cli.process.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@CommandLine.Command(name = "test", description = "Run the project's tests.")
final class TestCommand implements Callable<Integer> {
    /** A part of the tests. */
    enum Suite {
        /** Every module, with formatting and static checks; no servers but those inside a test. */
        UNIT,
        /** Airflow's DAGs, with linter and type checker. */
        DAGS,
        /** The real servers, started in folders of their own. */
        E2E
    }

    @ParentCommand
    private Lake lake;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SUITE", arity = "0..*", description = "${COMPLETION-CANDIDATES}; without it, all.")
    private List<Suite> suites = new ArrayList<>();

    @Override
    public Integer call() {
        for (Suite suite : suites.isEmpty() ? List.of(Suite.values()) : suites) {
            int status = run(suite);
            if (status != 0) {
                spec.commandLine().getErr().println("Failed: " + suite);
                return 1;
            }
        }
        return 0;
    }

    private int run(Suite suite) {
        return switch (suite) {
            case UNIT -> maven(List.of("verify"));
            case DAGS -> dags();
            case E2E ->
                maven(List.of(
                        "-pl",
                        "model,wire,cli",
                        "-Dtest=None",
                        "-Dsurefire.failIfNoSpecifiedTests=false",
                        "-Dskip.e2e=false",
                        "verify"));
        };
    }

    private int maven(List<String> arguments) {
        List<String> line = new ArrayList<>(List.of("mvn", "-B", "-ntp"));
        line.addAll(arguments);
        return Command.of(line)
                .with("IGARAPE_PYTHON", python().resolve("python").toString())
                .with("IGARAPE_BROWSER", browser().toString())
                .with("JAVA_HOME", Jdk.current().home().toString())
                .attached(lake.workspace().home());
    }

    /** Where the tests' Python environment has its programs. */
    private Path python() {
        Path dags = lake.workspace().home().resolve("dags");
        return lake.installer()
                .environment("dags", dags.resolve("requirements.lock"), dags.resolve("requirements-dev.lock"))
                .resolve("bin");
    }

    /** Where the driver of the test's browser is. */
    private Path browser() {
        return lake.installer().nodePackages("browser", lake.workspace().home().resolve("cli/src/test/browser"));
    }

    private int dags() {
        Path dags = lake.workspace().home().resolve("dags");
        Path bin = python();
        List<List<String>> checks = List.of(
                List.of("ruff", "check", "."),
                List.of("ruff", "format", "--check", "."),
                List.of("mypy"),
                List.of("pytest"));
        for (List<String> check : checks) {
            List<String> line = new ArrayList<>(check);
            line.set(0, bin.resolve(check.get(0)).toString());
            int status = Command.of(line)
                    .with(Map.of("VIRTUAL_ENV", bin.getParent().toString()))
                    .attached(dags);
            if (status != 0) {
                return status;
            }
        }
        return 0;
    }
}
