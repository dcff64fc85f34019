package dev.igarape.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SizeTextTest {
    @Test
    void hasUnitsOf1024() {
        assertThat(SizeText.parse("3 KB", SizeText.Unit.values())).contains(3_072L);
        assertThat(SizeText.parse("100 MB", SizeText.Unit.values())).contains(104_857_600L);
        assertThat(SizeText.parse("999 GB", SizeText.Unit.values())).contains(1_072_668_082_176L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 GB", "0 MB", "1000 MB", "1MB", "1 mb", "1.5 MB", "-1 MB", "1 TB", "1", ""})
    void takesNothingElse(String text) {
        assertThat(SizeText.parse(text, SizeText.Unit.KB, SizeText.Unit.MB)).isEmpty();
    }
}
