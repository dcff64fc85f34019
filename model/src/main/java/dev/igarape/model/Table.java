package dev.igarape.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A table of the manifest: its definition, with the SQL inlined.
 *
 * @param columns Spark SQL type by column name, in order; empty where the build infers them. Partition columns
 *     ({@code date}) are not listed. Of a JDBC landing, those whose type is declared: the database says the others
 * @param inputs tables that this one reads: found in the SQL of a daily table, declared by a view
 * @param retention {@code forever}, or a number of days or hours, as {@code 7 days}, counted from commit time
 * @param waitFor for a daily table whose dates are built only once their inputs are complete; otherwise empty
 * @param allRefused the action where every row of a file, topic or date would go to quarantine; empty: {@code warn}
 * @param definitionHash SHA-256 (hex) over what decides the rows: SQL, columns, expectations, source, code version
 */
@JsonIgnoreProperties(
        value = {"traits", "added_columns"},
        allowGetters = true)
public record Table(
        TableName name,
        String description,
        Definition definition,
        Map<String, String> columns,
        List<Input> inputs,
        List<Expectation> expectations,
        String retention,
        Optional<AllowedLateness> waitFor,
        Optional<AllRefused> allRefused,
        String definitionHash) {
    public Table {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        inputs = List.copyOf(inputs);
        expectations = List.copyOf(expectations);
    }

    /** The action on a run that would commit nothing but quarantined rows. */
    public enum AllRefused {
        /** It commits and warns. */
        WARN,
        /** It is refused with exit code 5; nothing is committed. */
        FAIL;

        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A table with neither {@code waitFor} nor {@code allRefused}. */
    public Table(
            TableName name,
            String description,
            Definition definition,
            Map<String, String> columns,
            List<Input> inputs,
            List<Expectation> expectations,
            String retention,
            String definitionHash) {
        this(
                name,
                description,
                definition,
                columns,
                inputs,
                expectations,
                retention,
                Optional.empty(),
                Optional.empty(),
                definitionHash);
    }

    /** Whether a run fails, and commits nothing, when it would quarantine every row. */
    public boolean failsWhenAllRejected() {
        return allRefused.equals(Optional.of(AllRefused.FAIL));
    }

    /** What the table is and can do; in the manifest for readers in other languages. */
    @JsonProperty
    public Set<Trait> traits() {
        return definition.traits().isEmpty() ? Set.of() : EnumSet.copyOf(definition.traits());
    }

    public boolean has(Trait trait) {
        return definition.traits().contains(trait);
    }

    /** Whether each run takes what the source has got since the last run, whatever date that run is for. */
    @JsonIgnore
    public boolean isIncremental() {
        return has(Trait.INCREMENTAL);
    }

    /** The inputs whose rows have dates, and those of a view. */
    public List<Input> datedInputs() {
        return inputs.stream().filter(input -> input.refresh().isEmpty()).toList();
    }

    /** The inputs without dates, of which each date reads one version. */
    public List<Input> snapshotInputs() {
        return inputs.stream().filter(input -> input.refresh().isPresent()).toList();
    }

    /** The length of the intervals by which its dates are computed again; empty: whole dates, or no dates at all. */
    public Optional<Duration> interval() {
        return definition.interval();
    }

    /** Whether the live service can run it: it takes what its source has got, or it is planned from its inputs. */
    @JsonIgnore
    public boolean isRunLive() {
        return isIncremental() || has(Trait.PLANNED);
    }

    /**
     * Whether the live service runs it unless it is told which tables to run. A step costs what its new rows cost, but for a
     * table of whole dates: that costs more with each hour of the day, so it is left to scheduled runs.
     */
    @JsonIgnore
    public boolean isLive() {
        return isIncremental() || has(Trait.PLANNED) && (interval().isPresent() || has(Trait.KEYED));
    }

    /** Spark SQL type by column, of those that the kind of table adds; in the manifest for readers in other languages. */
    @JsonProperty("added_columns")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public Map<String, String> addedColumns() {
        return definition.addedColumns(columns);
    }

    /** {@link #columns}, and those that the kind of table adds. */
    @JsonIgnore
    public Map<String, String> allColumns() {
        Map<String, String> all = new LinkedHashMap<>(columns);
        all.putAll(addedColumns());
        return all;
    }

    /** The parsed {@link #retention}. */
    public Retention retentionPeriod() {
        return Retention.parse(retention);
    }
}
