package dev.igarape.model.compile.targets;

import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.diagnostic.Suggestion;
import dev.igarape.model.compile.yaml.YamlMap;
import dev.igarape.model.targets.Kerberos;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reader of {@code targets.yaml}. */
final class TargetReader {
    private static final List<String> KEYS = List.of(
            "extends",
            "prefix",
            "hdfs",
            "root",
            "metastore",
            "kafka",
            "registry",
            "trino",
            "trino_user",
            "variables",
            "landing",
            "hadoop",
            "kerberos");
    private static final List<String> NEEDED = List.of("hdfs", "metastore", "trino");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,40}");
    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]{0,40}_");
    private static final String VARIABLE = "(?:\\$\\{[A-Za-z_][A-Za-z0-9_]*})";
    private static final String MAP_REMEDY =
            "Write names and values, such as `kafka: {bootstrap.servers: \"kafka:9092\"}`.";
    private static final String KERBEROS_REMEDY =
            "Write both, such as `kerberos: {principal: lake@EXAMPLE.COM, keytab: /etc/security/lake.keytab}`.";
    private static final String PREFIX_REMEDY =
            "Use lower-case letters, digits and underscores with an underscore at the end, such as dev_.";

    private final Diagnostics diagnostics;

    TargetReader(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** The targets by name, in the order of the file. */
    Map<String, ParsedTarget> read(YamlMap root) {
        Map<String, ParsedTarget> targets = new LinkedHashMap<>();
        for (SourceText name : root.keys()) {
            String remedy = "Write for example `dev: {extends: local, prefix: dev_}`.";
            if (name.value().equals(ProjectTargets.LOCAL)) {
                diagnostics.add(
                        name.location(),
                        "target local is made by ./lake up",
                        "Give it another name and extend local: `dev: {extends: local, prefix: dev_}`.");
                continue;
            }
            if (!NAME.matcher(name.value()).matches()) {
                diagnostics.add(
                        name.location(),
                        "'" + name.value() + "' is not a target's name",
                        "Use lower-case letters, digits, '-' and '_', starting with a letter.");
                continue;
            }
            root.map(name.value(), remedy).ifPresent(body -> targets.put(name.value(), target(name, body)));
        }
        targets.values().forEach(target -> base(target, targets));
        if (diagnostics.all().isEmpty()) {
            apart(targets);
        }
        return targets;
    }

    private ParsedTarget target(SourceText name, YamlMap body) {
        body.allow("a target", KEYS, Map.of());
        if (!body.has("extends")) {
            List<String> missing = NEEDED.stream().filter(key -> !body.has(key)).toList();
            if (!missing.isEmpty()) {
                diagnostics.add(
                        name.location(),
                        "target " + name.value() + " lacks " + String.join(", ", missing),
                        "Say where it is, or extend another target: `extends: local`.");
            }
        }
        return new ParsedTarget(
                name.value(),
                name.location(),
                body.text("extends", "Name another target, such as local.").map(SourceText::value),
                formed(body, "prefix", PREFIX, PREFIX_REMEDY),
                formed(
                        body,
                        "hdfs",
                        endpoint("[a-z][a-z0-9+.-]*://[^/\\s]+"),
                        "Write for example hdfs://namenode:8020."),
                formed(
                        body,
                        "root",
                        Pattern.compile("(/[A-Za-z0-9][A-Za-z0-9_.-]*)+"),
                        "Write a folder, such as /lake."),
                formed(body, "metastore", endpoint("thrift://\\S+:[0-9]+"), "Write thrift://host:port."),
                properties(body, "kafka"),
                properties(body, "registry"),
                formed(
                        body,
                        "trino",
                        endpoint("jdbc:trino://[^/\\s]+/[a-z0-9_]+(\\?\\S*)?"),
                        "Write the JDBC URL with the catalog: jdbc:trino://host:8080/lake."),
                body.text("trino_user", "Name the user of Trino.").map(SourceText::value),
                properties(body, "variables"),
                body.map("landing", "Write what bounds a task, such as `landing: {open_files: 16}`.")
                        .map(bounds -> new LandingLimitsReader(diagnostics).read(bounds)),
                properties(body, "hadoop"),
                body.map("kerberos", KERBEROS_REMEDY).flatMap(TargetReader::kerberos));
    }

    private static Optional<Kerberos> kerberos(YamlMap login) {
        login.allow("kerberos", List.of("principal", "keytab"), Map.of());
        Optional<SourceText> principal = login.required("principal", KERBEROS_REMEDY);
        Optional<SourceText> keytab = login.required("keytab", KERBEROS_REMEDY);
        return principal.flatMap(who -> keytab.map(file -> new Kerberos(who.value(), file.value())));
    }

    /** A pattern that a variable's text may stand in for, or for a part of. */
    private static Pattern endpoint(String form) {
        return Pattern.compile(form + "|.*" + VARIABLE + ".*");
    }

    private Optional<String> formed(YamlMap body, String key, Pattern form, String remedy) {
        Optional<SourceText> text = body.text(key, remedy);
        text.filter(t -> !form.matcher(t.value()).matches())
                .ifPresent(t -> diagnostics.add(t.location(), "'" + t.value() + "' can't be '" + key + "'", remedy));
        return text.map(SourceText::value);
    }

    private static Map<String, String> properties(YamlMap body, String key) {
        Map<String, String> values = new LinkedHashMap<>();
        body.map(key, MAP_REMEDY).ifPresent(map -> {
            for (SourceText name : map.keys()) {
                map.anyScalar(name.value(), MAP_REMEDY).ifPresent(value -> values.put(name.value(), value.value()));
            }
        });
        return values;
    }

    private void base(ParsedTarget target, Map<String, ParsedTarget> targets) {
        List<String> seen = new ArrayList<>(List.of(target.name()));
        Optional<String> base = target.base();
        while (base.isPresent() && !base.get().equals(ProjectTargets.LOCAL)) {
            String name = base.get();
            if (seen.contains(name)) {
                diagnostics.add(
                        target.location(), "target " + target.name() + " extends itself", "Extend local, or nothing.");
                return;
            }
            if (!targets.containsKey(name)) {
                List<String> names = new ArrayList<>(targets.keySet());
                names.add(ProjectTargets.LOCAL);
                diagnostics.add(
                        target.location(),
                        "target " + target.name() + " extends " + name + ", which is not declared"
                                + Suggestion.didYouMean(name, names),
                        "Extend local or another target of this file.");
                return;
            }
            seen.add(name);
            base = targets.get(name).base();
        }
    }

    /** No two targets may share folders or databases: a run on one would change the other. */
    private void apart(Map<String, ParsedTarget> targets) {
        Map<String, String> owners = new LinkedHashMap<>();
        owners.put("folders in local, /lake, ''", ProjectTargets.LOCAL);
        owners.put("databases in local, ''", ProjectTargets.LOCAL);
        for (ParsedTarget target : targets.values()) {
            String prefix = "'" + settled(target, targets, Setting.PREFIX, "") + "'";
            String hdfs = settled(target, targets, Setting.HDFS, ProjectTargets.LOCAL);
            String folders =
                    "folders in " + hdfs + ", " + settled(target, targets, Setting.ROOT, "/lake") + ", " + prefix;
            String databases =
                    "databases in " + settled(target, targets, Setting.METASTORE, ProjectTargets.LOCAL) + ", " + prefix;
            for (String location : List.of(folders, databases)) {
                String owner = owners.putIfAbsent(location, target.name());
                if (owner != null && !owner.equals(target.name())) {
                    diagnostics.add(
                            target.location(),
                            "targets " + owner + " and " + target.name() + " share their "
                                    + location.substring(0, location.indexOf(' '))
                                    + ", so that each would change the other",
                            "Give " + target.name() + " a prefix of its own, such as `prefix: "
                                    + target.name().replace('-', '_') + "_`.");
                    break;
                }
            }
        }
    }

    /** What {@link #apart} compares. */
    private enum Setting {
        PREFIX,
        HDFS,
        ROOT,
        METASTORE;

        Optional<String> of(ParsedTarget target) {
            return switch (this) {
                case PREFIX -> target.prefix();
                case HDFS -> target.hdfs();
                case ROOT -> target.root();
                case METASTORE -> target.metastore();
            };
        }
    }

    private static String settled(
            ParsedTarget target, Map<String, ParsedTarget> targets, Setting setting, String otherwise) {
        Optional<String> own = setting.of(target);
        if (own.isPresent()) {
            return own.get();
        }
        Optional<ParsedTarget> base = target.base().map(targets::get);
        return base.isPresent() ? settled(base.get(), targets, setting, otherwise) : otherwise;
    }
}
