package dev.igarape.jobs.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class SequenceSetTest {
    @Test
    void numbersInARowAreOneRange() {
        assertThat(SequenceSet.of(3L, 1L, 2L, 7L, 9L, 8L, 5L)).hasToString("1-3,5,7-9");
        assertThat(SequenceSet.EMPTY).hasToString("");
    }

    @Test
    void holdsJustItsNumbers() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            Set<Long> numbers = new TreeSet<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                numbers.add(1L + random.nextInt(60));
            }
            SequenceSet set = SequenceSet.parse(SequenceSet.of(numbers).toString());
            assertThat(set.numbers()).containsExactlyElementsOf(numbers);
            for (long number = 0; number <= 62; number++) {
                assertThat(set.contains(number)).isEqualTo(numbers.contains(number));
            }
            Set<Long> others = new TreeSet<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                others.add(1L + random.nextInt(60));
            }
            SequenceSet other = SequenceSet.of(others);
            Set<Long> rest = new TreeSet<>(numbers);
            rest.removeAll(others);
            assertThat(set.without(other)).isEqualTo(SequenceSet.of(rest));
            Set<Long> both = new TreeSet<>(numbers);
            both.retainAll(others);
            assertThat(set.intersection(other)).isEqualTo(SequenceSet.of(both));
            assertThat(set.intersects(other)).isEqualTo(!both.isEmpty());
            assertThat(set.size()).isEqualTo(numbers.size());
        }
    }

    @Test
    void refusesWhatIsNoSet() {
        for (String text : List.of("2-1", "5,3", "-1", "a", "1,,2", "1-5,5")) {
            assertThatThrownBy(() -> SequenceSet.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
