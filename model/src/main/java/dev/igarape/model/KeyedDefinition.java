package dev.igarape.model;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A table with rows by key, made of events: Spark SQL gives them over the inputs of each date, and their sequence puts the
 * events of a key in order.
 */
public interface KeyedDefinition extends Definition {
    /** The rule by which rows without a key go to quarantine. */
    String KEY_RULE = "has_key";
    /** The rule by which rows without a sequence go to quarantine. */
    String SEQUENCE_RULE = "has_sequence";
    /** The rule by which events go to quarantine that come after the deletions which might be newer were forgotten. */
    String LATE_RULE = "too_late";
    /** Those of every table of this sort. */
    Set<Trait> TRAITS = Set.of(Trait.ROWS, Trait.KEYED, Trait.PLANNED, Trait.QUERY, Trait.QUARANTINED, Trait.COMPACTED);

    String sql();

    /** Columns that name what events are of; at least one. */
    List<String> keys();

    /** Columns that put the events of a key in order, the first one first; at least one. In JSON, {@code sequence_by}. */
    List<String> sequenceBy();

    /** Condition over the columns by which an event deletes its key; empty: none does. In JSON, {@code delete_when}. */
    Optional<String> deleteWhen();

    /** Whether the table keeps its changes for readers of {@code table_changes}. In JSON, {@code change_feed}. */
    boolean changeFeed();

    /** Whether, and how, its events are the changes of a database; then it has no {@link #sequenceBy}. */
    Optional<ChangeCapture> cdc();

    /**
     * The action where only the content of events of equal sequence decides which of them counts; empty: {@code warn}. In JSON,
     * {@code ambiguous_sequence}.
     */
    Optional<AmbiguousSequence> ambiguousSequence();

    /** The action on a run in which only the content of events of equal sequence decides which of them counts. */
    enum AmbiguousSequence {
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

    /** Whether a run fails, and commits nothing, in which only the content of events of equal sequence decides. */
    default boolean failsWhenAmbiguous() {
        return ambiguousSequence().equals(Optional.of(AmbiguousSequence.FAIL));
    }

    @Override
    default Set<Trait> traits() {
        return TRAITS;
    }

    @Override
    default List<String> rules() {
        List<String> rules = new ArrayList<>();
        rules.add("keys " + String.join(", ", keys().stream().sorted().toList()));
        rules.add(cdc().map(ChangeCapture::rule).orElse("sequence_by " + String.join(", ", sequenceBy())));
        deleteWhen().ifPresent(condition -> rules.add("delete_when " + condition));
        return rules;
    }

    @Override
    default Optional<Storage> storage() {
        return Optional.of(new Storage(Storage.Format.DELTA, List.of()));
    }

    @Override
    default Optional<String> query() {
        return Optional.of(sql());
    }
}
