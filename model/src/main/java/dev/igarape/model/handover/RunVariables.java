package dev.igarape.model.handover;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The environment variables that go with a {@link HandedRun}: those that the caller's process would have read itself. */
final class RunVariables {
    private static final Set<String> FAULTS = Set.of("IGARAPE_HALT_AT", "IGARAPE_STOP_AT");

    /** The Airflow run that a run belongs to, for its record. */
    private static final Set<String> AIRFLOW = Set.of("AIRFLOW_CTX_DAG_ID", "AIRFLOW_CTX_DAG_RUN_ID");

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private RunVariables() {}

    /** Whether a run is to be killed or frozen at one of its steps, which only a process of its own may be. */
    static boolean injectFaults(Map<String, String> environment) {
        return FAULTS.stream().anyMatch(environment::containsKey);
    }

    /** @param manifest the text of the definitions, which refer to variables as <code>${NAME}</code> */
    static Map<String, String> of(Map<String, String> environment, String manifest) {
        Set<String> names = new TreeSet<>(AIRFLOW);
        Matcher reference = REFERENCE.matcher(manifest);
        while (reference.find()) {
            names.add(reference.group(1));
        }
        Map<String, String> sent = new TreeMap<>(environment);
        sent.keySet().retainAll(names);
        return sent;
    }
}
