package dev.igarape.model.compile.targets;

import dev.igarape.model.compile.diagnostic.SourceLocation;
import dev.igarape.model.targets.Kerberos;
import dev.igarape.model.targets.LandingLimits;
import dev.igarape.model.targets.Target;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A target as declared; what is absent is inherited from the target that it extends.
 *
 * @param base the target that it extends; empty where it says everything itself
 */
record ParsedTarget(
        String name,
        SourceLocation location,
        Optional<String> base,
        Optional<String> prefix,
        Optional<String> hdfs,
        Optional<String> root,
        Optional<String> metastore,
        Map<String, String> kafka,
        Map<String, String> registry,
        Optional<String> trino,
        Optional<String> trinoUser,
        Map<String, String> variables,
        Optional<ParsedLandingLimits> landing,
        Map<String, String> hadoop,
        Optional<Kerberos> kerberos) {
    /** This target, with what it does not declare taken from the one that it extends. */
    Target withDefaults(Target other) {
        return new Target(
                name,
                prefix.orElse(other.prefix()),
                hdfs.orElse(other.hdfs()),
                root.orElse(other.root()),
                metastore.orElse(other.metastore()),
                merged(other.kafka(), kafka),
                merged(other.registry(), registry),
                trino.orElse(other.trino()),
                trinoUser.orElse(other.trinoUser()),
                merged(other.variables(), variables),
                landing.map(bounds -> bounds.withDefaults(other.landing().orElse(LandingLimits.DEFAULT)))
                        .or(other::landing),
                Optional.of(merged(other.hadoopSettings(), hadoop)).filter(settings -> !settings.isEmpty()),
                kerberos.or(other::kerberos));
    }

    private static Map<String, String> merged(Map<String, String> base, Map<String, String> own) {
        Map<String, String> merged = new LinkedHashMap<>(base);
        merged.putAll(own);
        return merged;
    }
}
