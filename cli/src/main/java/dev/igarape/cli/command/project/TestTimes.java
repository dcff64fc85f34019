package dev.igarape.cli.command.project;

import dev.igarape.cli.base.TextTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** How long tests took: suites as they were measured, and the slowest classes as reports in JUnit's XML tell. */
final class TestTimes {
    private static final int SLOWEST = 20;
    private static final String OUR_PACKAGES = "dev.igarape.";

    private final Instant begin;
    private final List<SuiteTime> suites = new ArrayList<>();

    private record SuiteTime(String name, Duration time) {}

    /** @param begin reports that were written before are of other runs */
    TestTimes(Instant begin) {
        this.begin = begin;
    }

    /** To be called when a suite is over, by any thread. */
    synchronized void add(String suite, Duration time) {
        suites.add(new SuiteTime(suite, time));
    }

    /** The reports that Maven's plugins have written below a project's modules. */
    static List<Path> reportsOfMaven(Path home) throws IOException {
        List<Path> reports = new ArrayList<>();
        for (Path module : list(home)) {
            for (String folder : List.of("surefire-reports", "failsafe-reports")) {
                list(module.resolve("target").resolve(folder)).stream()
                        .filter(file -> file.getFileName().toString().matches("TEST-.*[.]xml"))
                        .forEach(reports::add);
            }
        }
        return reports;
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** Prints the suites, and the slowest classes of these reports; a report that is not there, or not of this run, is left out. */
    synchronized void print(List<Path> reports, PrintWriter out) {
        out.println();
        TextTable table = new TextTable().gap(2).left("Suite", 40).right("Minutes", 8);
        suites.forEach(suite -> table.row(List.of(suite.name(), minutes(suite.time()))));
        table.print(out);
        Map<String, Double> classes = new HashMap<>();
        for (Path report : reports) {
            if (isOfThisRun(report)) {
                classes(report).forEach((name, seconds) -> classes.merge(name, seconds, Double::sum));
            }
        }
        if (!classes.isEmpty()) {
            out.println();
            TextTable slowest =
                    new TextTable().gap(2).left("Slowest test classes", 40).right("Seconds", 8);
            classes.entrySet().stream()
                    .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(SLOWEST)
                    .forEach(one -> slowest.row(List.of(shortened(one.getKey()), decimal(one.getValue()))));
            slowest.print(out);
        }
        out.flush();
    }

    private static String minutes(Duration time) {
        return decimal(time.toMillis() / 60_000.0);
    }

    private static String decimal(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }

    private static String shortened(String name) {
        return name.startsWith(OUR_PACKAGES) ? name.substring(OUR_PACKAGES.length()) : name;
    }

    private boolean isOfThisRun(Path report) {
        try {
            return Files.exists(report)
                    && !Files.getLastModifiedTime(report).toInstant().isBefore(begin);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Seconds by class in a report. A report of one class counts what is before and after its tests, too. */
    private static Map<String, Double> classes(Path report) {
        String suite = "";
        double whole = 0;
        Map<String, Double> classes = new HashMap<>();
        try (InputStream in = Files.newInputStream(report)) {
            XMLInputFactory factory = XMLInputFactory.newFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            XMLStreamReader xml = factory.createXMLStreamReader(in);
            while (xml.hasNext()) {
                if (xml.next() != XMLStreamConstants.START_ELEMENT) {
                    continue;
                }
                switch (xml.getLocalName()) {
                    case "testsuite" -> {
                        suite = xml.getAttributeValue(null, "name");
                        whole = seconds(xml);
                    }
                    case "testcase" ->
                        classes.merge(xml.getAttributeValue(null, "classname"), seconds(xml), Double::sum);
                    default -> {
                        // What a test has printed and how it failed.
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (XMLStreamException e) {
            // Tests that were cut off leave half a report.
            return Map.of();
        }
        return classes.containsKey(suite) ? Map.of(suite, whole) : classes;
    }

    /** The attribute {@code time}, in which thousands may be apart. */
    private static double seconds(XMLStreamReader xml) {
        return Double.parseDouble(xml.getAttributeValue(null, "time").replace(",", ""));
    }
}
