package dev.igarape.api.random;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** A list of words from a resource beside this class, one a line. The lists are part of the answers: never change them. */
final class WordList {
    private final List<String> words;

    private WordList(List<String> words) {
        this.words = words;
    }

    static WordList load(String resource) {
        try (InputStream in =
                        Objects.requireNonNull(WordList.class.getResourceAsStream(resource), "resource " + resource);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return new WordList(lines.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String pick(SplitMix random) {
        return words.get(random.below(words.size()));
    }
}
