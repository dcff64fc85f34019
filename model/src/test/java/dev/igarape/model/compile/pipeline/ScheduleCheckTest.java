package dev.igarape.model.compile.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScheduleCheckTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "@daily",
                "@hourly",
                "assets",
                "none",
                "0 3 * * *",
                "*/15 0-6,22 1,15 jan-mar mon-FRI",
                "0 0 31 12 7"
            })
    void takesCronAndWords(String schedule) {
        assertThat(ScheduleCheck.problem(schedule)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "@dayly | unknown schedule '@dayly' (did you mean @daily?)",
                "daily | unknown schedule 'daily' (did you mean @daily?)",
                "0 3 * * | schedule '0 3 * *' has 4 fields, cron has five",
                "0 3 * * * * | schedule '0 3 * * * *' has 6 fields, cron has five",
                "60 3 * * * | '60' is no minute of a cron schedule (0 to 59)",
                "0 5-3 * * * | '5-3' is no hour of a cron schedule (0 to 23)",
                "0 3 0 * * | '0' is no day of month of a cron schedule (1 to 31)",
                "0 3 * * */0 | '*/0' is no day of week of a cron schedule (0 to 7)",
                "0 3 L * * | 'L' is no day of month of a cron schedule (1 to 31)",
                "continuous | schedule 'continuous' is not supported yet by this version of Igarapé"
            })
    void saysWhatIsWrong(String schedule, String problem) {
        assertThat(ScheduleCheck.problem(schedule)).hasValue(problem);
    }
}
