package dev.igarape.cli;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The structure of all modules' main code: packages without circles, in layers. */
final class PackagesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Lowest first: a package depends on those above its line at most. Packages in one line do not know each other. */
    private static final List<List<String>> JOBS = List.of(
            List.of("failure", "threads", "storage", "avro", "sql", "landing.kafka.offsets", "landing.jdbc.dialect"),
            List.of(
                    "ledger",
                    "landing.kafka.datum",
                    "landing.kafka.output",
                    "landing.files.content",
                    "landing.files.rows"),
            List.of("publish", "interval", "landing.kafka.schema"),
            List.of("lake", "landing.kafka.copy"),
            List.of("runs", "warm", "quarantine", "kind", "input", "schema", "landing.files.folders"),
            List.of("plan", "landing.kafka", "landing.files", "landing.http", "landing.jdbc", "view"),
            List.of("daily", "ops"),
            List.of("keyed"),
            List.of("maintenance"),
            List.of("kind.builtin"),
            List.of("fixture", "replay", "live", "inspect"),
            List.of(""));

    @ParameterizedTest
    @ValueSource(strings = {"model", "wire", "api", "jobs", "bench", "cli"})
    void packagesHaveNoCircles(String module) {
        slices().assignedFrom(new ByPackage()).should().beFreeOfCycles().check(classes(module));
    }

    /** Each package is a slice of its own; a package and one below it are two. */
    private static final class ByPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }

    @Test
    void layersOfJobsAreInOrder() {
        Map<String, Integer> layers = new HashMap<>();
        for (int layer = 0; layer < JOBS.size(); layer++) {
            for (String name : JOBS.get(layer)) {
                layers.put(name.isEmpty() ? "dev.igarape.jobs" : "dev.igarape.jobs." + name, layer);
            }
        }
        JavaClasses classes = classes("jobs");
        assertThat(packages(classes)).isEqualTo(new TreeSet<>(layers.keySet()));
        Set<String> upwards = new TreeSet<>();
        for (JavaClass from : classes) {
            from.getDirectDependenciesFromSelf().forEach(dependency -> {
                String other = dependency.getTargetClass().getPackageName();
                boolean same = other.equals(from.getPackageName());
                if (!same && layers.containsKey(other) && layers.get(other) >= layers.get(from.getPackageName())) {
                    upwards.add(from.getName() + " -> "
                            + dependency.getTargetClass().getName());
                }
            });
        }
        assertThat(upwards).isEmpty();
    }

    private static Set<String> packages(JavaClasses classes) {
        Set<String> packages = new TreeSet<>(Comparator.naturalOrder());
        classes.forEach(type -> packages.add(type.getPackageName()));
        return packages;
    }

    /** Whether it is our own source, and not Trino's grammar with the ANTLR that it needs. */
    private static boolean isOurs(Location location) {
        return !location.contains("/dev/igarape/model/trino/");
    }

    private static JavaClasses classes(String module) {
        Path compiled = ROOT.resolve(module).resolve("target/classes");
        assertThat(Files.isDirectory(compiled))
                .as("%s, which `mvn compile` makes", compiled)
                .isTrue();
        return new ClassFileImporter().withImportOption(PackagesTest::isOurs).importPath(compiled);
    }
}
