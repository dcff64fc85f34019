package dev.igarape.cli.project;

import dev.igarape.cli.base.Workspace;
import dev.igarape.model.Manifest;
import dev.igarape.model.ManifestFile;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.LakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The deployment to the local Airflow: the definitions that it schedules. Running, planning and testing definitions
 * changes nothing of it.
 */
public final class Deployment {
    private final Path file;

    public Deployment(Workspace workspace) {
        this.file = workspace.manifest();
    }

    /** Whether anything has been deployed that Airflow can read; what another release wrote it can't. */
    public boolean isReadable() {
        return deployed().isPresent();
    }

    /**
     * Deploys these pipelines in place of all others.
     *
     * @return the pipelines that are no longer scheduled
     */
    public List<String> deploy(Manifest manifest) {
        List<String> removed = deployed().map(Manifest::pipelines).orElse(List.of()).stream()
                .map(Pipeline::name)
                .filter(name -> manifest.pipeline(name).isEmpty())
                .toList();
        ManifestFile.write(manifest, file);
        return removed;
    }

    /** Those of these tables whose deployed definition differs from this manifest's. */
    public List<TableName> changed(Manifest manifest, List<TableName> tables) {
        return deployed().stream()
                .flatMap(deployed -> tables.stream()
                        .filter(name -> deployed.table(name)
                                .map(Table::definitionHash)
                                .filter(hash -> !manifest.table(name)
                                        .map(Table::definitionHash)
                                        .equals(Optional.of(hash)))
                                .isPresent()))
                .toList();
    }

    /** What is deployed. Empty also for what another release wrote: Airflow does not read that either. */
    public Optional<Manifest> deployed() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ManifestFile.read(file));
        } catch (LakeException e) {
            return Optional.empty();
        }
    }
}
