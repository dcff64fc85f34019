package dev.igarape.jobs.replay;

import dev.igarape.jobs.daily.BuildOverrides;
import dev.igarape.jobs.daily.DailyBuild;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.landing.files.FilesLanding;
import dev.igarape.jobs.landing.kafka.KafkaReplay;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.model.Definition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Gives the quarantined rows of a table another try, in the way of its kind. */
public final class Replay {
    private final Lake lake;
    private final Publishing publisher;
    private final Supplier<SparkSession> spark;

    /** @param spark asked only if a daily table has dates to build again */
    public Replay(Lake lake, Publishing publisher, Supplier<SparkSession> spark) {
        this.lake = lake;
        this.publisher = publisher;
        this.spark = spark;
    }

    /**
     * Replays and publishes. Of a daily table the quarantine belongs to the build of its date, so its replay builds those
     * dates again whose definition or inputs have changed.
     *
     * @throws LakeException (USAGE) for a table that keeps nothing in quarantine
     */
    public List<TableRun> run(Table table) throws IOException, InterruptedException {
        if (table.definition() instanceof Definition.Daily) {
            List<LocalDate> dates = lake.ledger(table.name()).read().quarantine().stream()
                    .filter(placed -> placed.partition().rows() > 0)
                    .map(placed -> placed.partition().date())
                    .sorted()
                    .toList();
            return dates.isEmpty()
                    ? List.of()
                    : new DailyBuild(lake, publisher, spark).run(table, dates, BuildOverrides.NOTHING);
        }
        if (table.definition() instanceof Definition.Landing landing) {
            if (landing.source() instanceof Source.Kafka kafka) {
                return List.of(new KafkaReplay(lake, publisher).run(table, kafka));
            }
            if (landing.source() instanceof Source.Files files) {
                return List.of(new FilesLanding(lake, publisher).replay(table, files));
            }
        }
        throw new LakeException(
                ExitCode.USAGE,
                "Cannot replay " + table.name() + ": nothing of it is ever in quarantine, for it "
                        + (table.definition() instanceof Definition.View
                                ? "is a view."
                                : "keeps every answer of its source as received (--refetch asks again).")
                        + " See ./lake quarantine list for what is.");
    }
}
