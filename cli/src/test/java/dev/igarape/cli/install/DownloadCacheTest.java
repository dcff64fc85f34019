package dev.igarape.cli.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DownloadCacheTest {
    @TempDir
    private Path folder;

    @Test
    void fillsAFolderOnce() {
        DownloadCache cache = new DownloadCache(folder, line -> {});
        Path first = cache.getOrDownload("a-1", into -> Files.writeString(into.resolve("file"), "x"));
        Path second = cache.getOrDownload("a-1", into -> {
            throw new IOException("filled twice");
        });
        assertThat(second).isEqualTo(first);
        assertThat(second.resolve("file")).hasContent("x");
    }

    @Test
    void fillsAnewWhatWasCutOff() {
        DownloadCache cache = new DownloadCache(folder, line -> {});
        assertThatThrownBy(() -> cache.getOrDownload("a-1", into -> {
                    Files.writeString(into.resolve("half"), "x");
                    throw new IOException("killed");
                }))
                .hasMessageContaining("a-1");
        assertThat(cache.has("a-1")).isFalse();
        Path whole = cache.getOrDownload("a-1", into -> Files.writeString(into.resolve("whole"), "x"));
        assertThat(whole.resolve("half")).doesNotExist();
        assertThat(whole.resolve("whole")).exists();
    }
}
