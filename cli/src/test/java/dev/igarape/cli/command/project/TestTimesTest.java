package dev.igarape.cli.command.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TestTimesTest {
    private static final Instant BEGIN = Instant.parse("2024-01-01T12:00:00Z");

    @TempDir
    private Path home;

    private final TestTimes times = new TestTimes(BEGIN);

    @Test
    void showsEachSuiteAndTheSlowestClassesOfAllModules() throws IOException {
        times.add("unit", Duration.ofSeconds(1206));
        times.add("dags", Duration.ofSeconds(90));
        // With what is before its first test.
        report("jobs/target/surefire-reports/TEST-a.xml", 1, """
                <testsuite name="dev.igarape.jobs.QuickTest" time="2.5" tests="2">
                  <testcase name="one" classname="dev.igarape.jobs.QuickTest" time="0.5"/>
                  <testcase name="two" classname="dev.igarape.jobs.QuickTest" time="1.0"><failure>x</failure></testcase>
                </testsuite>""");
        report("cli/target/failsafe-reports/TEST-b.xml", 1, """
                <testsuite name="dev.igarape.cli.SlowIT" time="1,015.04" tests="1">
                  <testcase name="one" classname="dev.igarape.cli.SlowIT" time="1,000.1"/>
                </testsuite>""");
        Path python = report("pytest.xml", 1, """
                <testsuites><testsuite name="pytest" time="9.0" tests="3">
                  <testcase classname="tests.test_factory" name="test_one" time="3.25"/>
                  <testcase classname="tests.test_factory" name="test_two" time="4.5"/>
                  <testcase classname="tests.test_params" name="test_one" time="0.25"/>
                </testsuite></testsuites>""");
        List<Path> reports = new ArrayList<>(TestTimes.reportsOfMaven(home));
        reports.add(python);

        assertThat(printed(reports))
                .containsExactly(
                        "",
                        "Suite                                      Minutes",
                        "unit                                          20.1",
                        "dags                                           1.5",
                        "",
                        "Slowest test classes                       Seconds",
                        "cli.SlowIT                                  1015.0",
                        "tests.test_factory                             7.8",
                        "jobs.QuickTest                                 2.5",
                        "tests.test_params                              0.3");
    }

    @Test
    void leavesOutWhatIsNotOfThisRun() throws IOException {
        report("jobs/target/surefire-reports/TEST-old.xml", -1, """
                <testsuite name="OldTest" time="2.5"><testcase name="one" classname="OldTest" time="0.5"/></testsuite>""");
        report("jobs/target/surefire-reports/TEST-cut.xml", 1, """
                <testsuite name="CutTest" time="2.5"><testcase name="one" classname="CutTest" time="0.5"/>""");
        report("jobs/target/surefire-reports/notes.xml", 1, "<no/>");
        List<Path> reports = new ArrayList<>(TestTimes.reportsOfMaven(home));
        assertThat(reports).hasSize(2);
        reports.add(home.resolve("missing.xml"));

        assertThat(printed(reports)).noneMatch(line -> line.contains("Test"));
    }

    @Test
    void showsTwentyClasses() throws IOException {
        for (int i = 10; i < 40; i++) {
            report("jobs/target/surefire-reports/TEST-%d.xml".formatted(i), 1, """
                    <testsuite name="T%1$d" time="%1$d"><testcase name="one" classname="T%1$d" time="1"/></testsuite>""".formatted(i));
        }
        assertThat(printed(TestTimes.reportsOfMaven(home)).stream().filter(line -> line.startsWith("T")))
                .hasSize(20)
                .startsWith("T39                                           39.0")
                .endsWith("T20                                           20.0");
    }

    private List<String> printed(List<Path> reports) {
        StringWriter text = new StringWriter();
        times.print(reports, new PrintWriter(text));
        return text.toString().lines().toList();
    }

    private Path report(String path, int secondsAfterBegin, String xml) throws IOException {
        Path file = home.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, xml);
        return Files.setLastModifiedTime(file, FileTime.from(BEGIN.plusSeconds(secondsAfterBegin)));
    }
}
