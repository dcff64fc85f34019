package dev.igarape.jobs.daily;

import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.plan.Completeness;
import dev.igarape.jobs.plan.Freshness;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds the dates of a planned table that a build has to build, and refuses those that would lack rows. */
public final class DueDates {
    private final Lake lake;
    private final Table table;
    private final DailyInputs inputs;
    private final BuildOverrides overrides;

    /** @param overrides what is built although it may lack rows */
    public DueDates(Lake lake, Table table, DailyInputs inputs, BuildOverrides overrides) {
        this.lake = lake;
        this.table = table;
        this.inputs = inputs;
        this.overrides = overrides;
    }

    /**
     * Those of these dates that a build would change.
     *
     * @throws LakeException NO_INPUT if one of them can't be built whole
     */
    public List<LocalDate> of(Freshness freshness, List<LocalDate> dates) throws IOException {
        List<LocalDate> due = new ArrayList<>();
        List<LocalDate> frozen = new ArrayList<>();
        Set<String> losses = new LinkedHashSet<>();
        for (LocalDate date : dates) {
            Freshness.Staleness staleness = freshness.of(date);
            if (!staleness.isFresh()) {
                due.add(date);
                if (staleness.isFrozen()) {
                    frozen.add(date);
                    losses.addAll(staleness.losses());
                }
            }
        }
        requireNoLoss(frozen, losses);
        if (!overrides.incomplete()) {
            requireComplete(due);
        }
        inputs.requirePresent(
                due.stream().filter(date -> !frozen.contains(date)).toList());
        return due;
    }

    /**
     * Refuses dates of which an input has rows no more, also those that are up to date, since all their rows are to be read.
     *
     * @throws LakeException NO_INPUT
     */
    public void requireKept(Freshness freshness, Collection<LocalDate> dates) throws IOException {
        List<LocalDate> frozen = new ArrayList<>();
        Set<String> losses = new LinkedHashSet<>();
        for (LocalDate date : dates) {
            Freshness.Staleness staleness = freshness.of(date);
            if (staleness.isFrozen()) {
                frozen.add(date);
                losses.addAll(staleness.losses());
            }
        }
        requireNoLoss(frozen, losses);
    }

    private void requireNoLoss(List<LocalDate> frozen, Set<String> losses) {
        if (!frozen.isEmpty() && !overrides.loss()) {
            throw new LakeException(
                    ExitCode.NO_INPUT,
                    "Cannot build " + table.name() + " again for " + DailyInputs.summary(frozen) + ": "
                            + String.join("; ", losses) + ", for retention has removed it. Readers keep the old"
                            + " version. Run with --accept-loss to build from what is left.");
        }
    }

    private void requireComplete(List<LocalDate> dates) throws IOException {
        Completeness completeness = Completeness.read(lake, table, inputs.versions());
        List<String> lacks = dates.stream()
                .flatMap(date -> completeness.lacks(date).stream())
                .toList();
        if (!lacks.isEmpty()) {
            throw new LakeException(
                    ExitCode.NO_INPUT,
                    "Cannot build " + table.name() + ", which waits for complete dates: "
                            + String.join("; ", lacks.subList(0, Math.min(3, lacks.size())))
                            + (lacks.size() > 3 ? "; and " + (lacks.size() - 3) + " more" : "")
                            + ". Land the input then and run again, or run with --accept-incomplete.");
        }
    }
}
