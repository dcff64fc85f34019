package dev.igarape.model.compile.targets;

import dev.igarape.model.compile.Compilation;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.Suggestion;
import dev.igarape.model.compile.yaml.YamlFile;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Kerberos;
import dev.igarape.model.targets.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The targets of a project: {@code local}, which the local stack provides, and those that {@code targets.yaml} beside
 * {@code pipelines/} declares.
 */
public final class ProjectTargets {
    /** The target that is there without being declared. */
    public static final String LOCAL = "local";

    static final String FILE = "targets.yaml";

    private static final Target NOTHING = new Target("", "", "", "/lake", "", Map.of(), Map.of(), "", "lake", Map.of());
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private final Map<String, ParsedTarget> targets;

    private ProjectTargets(Map<String, ParsedTarget> targets) {
        this.targets = targets;
    }

    /**
     * Reads {@code targets.yaml}; a project without one has just {@code local}.
     *
     * @throws LakeException with {@link ExitCode#DEFINITION} that lists every error of the file
     */
    public static ProjectTargets read(Path project) {
        Path file = project.resolve(FILE);
        if (!Files.exists(file)) {
            return new ProjectTargets(Map.of());
        }
        Diagnostics diagnostics = new Diagnostics();
        Map<String, ParsedTarget> targets = new LinkedHashMap<>();
        YamlFile.read(file, FILE, "dev: {extends: local, prefix: dev_}", diagnostics)
                .ifPresent(root -> targets.putAll(new TargetReader(diagnostics).read(root)));
        if (!diagnostics.all().isEmpty()) {
            new Compilation.Failed(diagnostics.all()).orThrow();
        }
        return new ProjectTargets(targets);
    }

    /** All names, {@code local} first. */
    public List<String> names() {
        List<String> names = new ArrayList<>(List.of(LOCAL));
        names.addAll(targets.keySet());
        return names;
    }

    /** Whether this target has the endpoints of the local stack, or some of them. */
    public boolean isLocal(String name) {
        return name.equals(LOCAL)
                || Optional.ofNullable(targets.get(name))
                        .flatMap(ParsedTarget::base)
                        .filter(this::isLocal)
                        .isPresent();
    }

    /**
     * The target of this name, {@code ${NAME}}s of its file replaced by the environment's values.
     *
     * @param local asked only where the target is {@code local} or extends it
     * @throws LakeException with {@link ExitCode#USAGE} where there is no such target or a variable has no value
     */
    public Target resolve(String name, Supplier<Target> local, Map<String, String> environment) {
        if (name.equals(LOCAL)) {
            return local.get();
        }
        ParsedTarget draft = targets.get(name);
        if (draft == null) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "There is no target '" + name + "'" + Suggestion.didYouMean(name, names()) + ". There are: "
                            + String.join(", ", names()) + ". Declare others in " + FILE
                            + " beside pipelines/, e.g. `dev: {extends: local, prefix: dev_}`.");
        }
        Target base =
                draft.base().map(other -> resolve(other, local, environment)).orElse(NOTHING);
        return expand(draft, environment).withDefaults(base);
    }

    private static ParsedTarget expand(ParsedTarget draft, Map<String, String> environment) {
        return new ParsedTarget(
                draft.name(),
                draft.location(),
                draft.base(),
                draft.prefix(),
                draft.hdfs().map(text -> expand(text, draft, environment)),
                draft.root(),
                draft.metastore().map(text -> expand(text, draft, environment)),
                expand(draft.kafka(), draft, environment),
                expand(draft.registry(), draft, environment),
                draft.trino().map(text -> expand(text, draft, environment)),
                draft.trinoUser().map(text -> expand(text, draft, environment)),
                expand(draft.variables(), draft, environment),
                draft.landing(),
                expand(draft.hadoop(), draft, environment),
                draft.kerberos()
                        .map(login -> new Kerberos(
                                expand(login.principal(), draft, environment),
                                expand(login.keytab(), draft, environment))));
    }

    private static Map<String, String> expand(
            Map<String, String> values, ParsedTarget draft, Map<String, String> environment) {
        Map<String, String> expanded = new LinkedHashMap<>();
        values.forEach((key, value) -> expanded.put(key, expand(value, draft, environment)));
        return expanded;
    }

    private static String expand(String text, ParsedTarget draft, Map<String, String> environment) {
        return VARIABLE.matcher(text).replaceAll(match -> {
            String value = environment.get(match.group(1));
            if (value == null) {
                throw new LakeException(
                        ExitCode.USAGE,
                        "Target " + draft.name() + " needs ${" + match.group(1)
                                + "}, which the environment does not set. Export it and run again.");
            }
            return Matcher.quoteReplacement(value);
        });
    }
}
