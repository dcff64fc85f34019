package dev.igarape.cli.spark;

import dev.igarape.cli.base.Progress;
import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.process.ExternalCommand;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The training run for the class data archive (CDS) from which Spark drivers start in half the time: builds a small
 * pipeline once for each build of the jar, on a scratch target of the running stack. Without the archive everything works,
 * more slowly.
 *
 * @see <a href="https://openjdk.org/jeps/350">JEP 350: Dynamic CDS Archives</a>
 */
public final class CdsTrainingRun {
    private final Spark spark;
    private final Workspace workspace;
    private final Progress progress;

    public CdsTrainingRun(Spark spark, Workspace workspace, Progress progress) {
        this.spark = spark;
        this.workspace = workspace;
        this.progress = progress;
    }

    /** Creates the archive if there is none for this jar; needs HDFS and the metastore. */
    public void createArchive() {
        Path archive = spark.archive();
        try {
            if (Files.exists(archive)
                    && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(spark.jar())) > 0) {
                return;
            }
            progress.step("Preparing Spark to start fast (once for each build)");
            Path temporary = archive.resolveSibling("." + archive.getFileName());
            Files.deleteIfExists(temporary);
            ExternalCommand.of(
                            spark.submit().toString(),
                            "--master",
                            "local[2]",
                            "--driver-java-options",
                            Spark.DRIVER_OPTIONS + " -XX:ArchiveClassesAtExit=" + temporary,
                            "--class",
                            JobCommand.MAIN_CLASS,
                            spark.jar().toString(),
                            JobCommand.REHEARSE.commandName(),
                            JobOption.TARGET,
                            workspace.target().toString())
                    .with(spark.environment())
                    .run(workspace.state(), workspace.log("rehearsal"), "prepare Spark", "Jobs run all the same.");
            Files.move(temporary, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (LakeException e) {
            progress.step("Jobs will start slowly: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
