package dev.igarape.jobs.ledger;

import dev.igarape.model.TableName;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One immutable entry of a table's ledger: what was consumed, what was written, and that the two balance.
 *
 * @param version format of the entry; a program reads those of its own version and older ones, and refuses newer ones
 * @param sequence position in the ledger, from 1 without holes
 * @param commitId names the folder of this commit; sorts by time
 * @param runId which run of a job made it; the same for a retry of an ambiguous commit
 * @param committedAt never before the commit with the number before, whatever the clock of the machine says
 * @param columns Spark SQL type by column name, without partition columns; empty, like the reader schema, where the
 *     commit leaves both as they are
 * @param avroSchema reader schema of an Avro table, as JSON
 * @param consumed what was taken from topics or files; empty for all but landings of these
 * @param dates what each date was built from; empty for landings of topics and files
 * @param quarantine partitions of the quarantine table of this table
 * @param cleaned what is cleared away, if anything
 * @param delta the version of the table that holds from now on; empty where it is not kept as a Delta table, or stays as it is
 */
public record Commit(
        int version,
        TableName table,
        long sequence,
        String commitId,
        String runId,
        Operation operation,
        Instant committedAt,
        String definitionHash,
        Map<String, String> columns,
        Optional<String> avroSchema,
        Optional<Consumed> consumed,
        List<AcceptedGap> acceptedGaps,
        List<DateBuild> dates,
        List<PartitionVersion> partitions,
        List<PartitionVersion> quarantine,
        Balance balance,
        Optional<Cleaned> cleaned,
        Optional<DeltaVersion> delta) {
    /** The format that this program writes; it reads every one from 1 on. */
    public static final int VERSION = 6;

    public Commit {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        acceptedGaps = List.copyOf(acceptedGaps);
        dates = List.copyOf(dates);
        partitions = List.copyOf(partitions);
        quarantine = List.copyOf(quarantine);
    }

    /** A commit of this table that has consumed and written nothing yet; the ledger gives it its number and time. */
    public static Builder of(TableName table, String commitId) {
        return new Builder(table, commitId);
    }

    /** This draft as the ledger's entry of that number, made then. */
    Commit at(long newSequence, Instant when) {
        Builder builder = new Builder(this);
        builder.sequence = newSequence;
        builder.committedAt = when;
        return builder.build();
    }

    /** The balance of the rows that the commit has computed, without those that it has kept as they stood. */
    public Balance computed() {
        return dates.stream().flatMap(build -> build.kept().stream()).reduce(balance, Balance::minus);
    }

    /** The same entry, after which this version of the table holds. */
    public Commit with(DeltaVersion version) {
        return new Builder(this).delta(version).build();
    }

    /** Puts an entry together; what is not set is empty. */
    public static final class Builder {
        private final TableName table;
        private final String commitId;
        private long sequence;
        private String runId = "";
        private Operation operation = Operation.BUILD;
        private Instant committedAt = Instant.EPOCH;
        private String definitionHash = "";
        private Map<String, String> columns = Map.of();
        private Optional<String> avroSchema = Optional.empty();
        private Optional<Consumed> consumed = Optional.empty();
        private List<AcceptedGap> acceptedGaps = List.of();
        private List<DateBuild> dates = List.of();
        private List<PartitionVersion> partitions = List.of();
        private List<PartitionVersion> quarantine = List.of();
        private Balance balance = Balance.NONE;
        private Optional<Cleaned> cleaned = Optional.empty();
        private Optional<DeltaVersion> delta = Optional.empty();

        private Builder(TableName table, String commitId) {
            this.table = table;
            this.commitId = commitId;
        }

        private Builder(Commit commit) {
            this(commit.table, commit.commitId);
            by(commit.runId, commit.operation);
            this.sequence = commit.sequence;
            this.committedAt = commit.committedAt;
            this.definitionHash = commit.definitionHash;
            this.columns = commit.columns;
            this.avroSchema = commit.avroSchema;
            this.consumed = commit.consumed;
            this.acceptedGaps = commit.acceptedGaps;
            this.dates = commit.dates;
            this.partitions = commit.partitions;
            this.quarantine = commit.quarantine;
            this.balance = commit.balance;
            this.cleaned = commit.cleaned;
            this.delta = commit.delta;
        }

        public Builder by(String run, Operation kind) {
            this.runId = run;
            this.operation = kind;
            return this;
        }

        public Builder definitionHash(String hash) {
            this.definitionHash = hash;
            return this;
        }

        public Builder columns(Map<String, String> types) {
            this.columns = types;
            return this;
        }

        public Builder avroSchema(Optional<String> schema) {
            this.avroSchema = schema;
            return this;
        }

        public Builder consumed(Consumed taken) {
            this.consumed = Optional.of(taken);
            return this;
        }

        public Builder acceptedGaps(List<AcceptedGap> gaps) {
            this.acceptedGaps = gaps;
            return this;
        }

        public Builder dates(List<DateBuild> builds) {
            this.dates = builds;
            return this;
        }

        public Builder partitions(List<PartitionVersion> versions) {
            this.partitions = versions;
            return this;
        }

        public Builder quarantine(List<PartitionVersion> versions) {
            this.quarantine = versions;
            return this;
        }

        public Builder balance(Balance counted) {
            this.balance = counted;
            return this;
        }

        public Builder cleaned(Cleaned away) {
            this.cleaned = Optional.of(away);
            return this;
        }

        public Builder delta(DeltaVersion version) {
            this.delta = Optional.of(version);
            return this;
        }

        public Commit build() {
            return new Commit(
                    VERSION,
                    table,
                    sequence,
                    commitId,
                    runId,
                    operation,
                    committedAt,
                    definitionHash,
                    columns,
                    avroSchema,
                    consumed,
                    acceptedGaps,
                    dates,
                    partitions,
                    quarantine,
                    balance,
                    cleaned,
                    delta);
        }
    }
}
