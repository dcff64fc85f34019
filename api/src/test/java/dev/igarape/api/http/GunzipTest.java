package dev.igarape.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class GunzipTest {
    @Test
    void undoesGzipInPiecesOfEverySize() throws IOException, DataFormatException {
        byte[] data = new byte[5_000];
        new Random(7).nextBytes(data);
        Arrays.fill(data, 1_000, 4_000, (byte) 'x');
        byte[] zipped = zip(data);
        for (int size : new int[] {1, 2, 7, 100, zipped.length}) {
            assertThat(unzip(zipped, size)).isEqualTo(data);
        }
    }

    @Test
    void readsEveryFieldOfAHeader() throws IOException, DataFormatException {
        byte[] plain = zip("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        ByteArrayOutputStream full = new ByteArrayOutputStream();
        full.write(plain, 0, 3);
        full.write(2 | 4 | 8 | 16);
        full.write(plain, 4, 6);
        full.writeBytes(new byte[] {3, 0, 9, 9, 9, 'n', 'a', 0, 'c', 0, 1, 2});
        full.write(plain, 10, plain.length - 10);
        assertThat(unzip(full.toByteArray(), 1)).asString().isEqualTo("hello");
    }

    @Test
    void joinsMembers() throws IOException, DataFormatException {
        ByteArrayOutputStream two = new ByteArrayOutputStream();
        two.writeBytes(zip(new byte[] {'a'}));
        two.writeBytes(zip(new byte[0]));
        two.writeBytes(zip(new byte[] {'b'}));
        assertThat(unzip(two.toByteArray(), 3)).asString().isEqualTo("ab");
    }

    @Test
    void isNotWholeBeforeItsEnd() throws IOException, DataFormatException {
        byte[] zipped = zip(new byte[100]);
        try (Gunzip gunzip = new Gunzip()) {
            assertThat(gunzip.isWhole()).isFalse();
            gunzip.feed(Arrays.copyOf(zipped, zipped.length - 1));
            drain(gunzip, new ByteArrayOutputStream());
            assertThat(gunzip.isWhole()).isFalse();
            gunzip.feed(new byte[] {zipped[zipped.length - 1]});
            drain(gunzip, new ByteArrayOutputStream());
            assertThat(gunzip.isWhole()).isTrue();
            gunzip.feed(new byte[] {0x1F});
            drain(gunzip, new ByteArrayOutputStream());
            assertThat(gunzip.isWhole()).isFalse();
        }
    }

    @Test
    void refusesWhatWasChanged() throws IOException {
        byte[] zipped = zip("some text that is compressed".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        for (int place : new int[] {0, 1, 2, 3, zipped.length - 8, zipped.length - 1}) {
            byte[] broken = zipped.clone();
            broken[place] ^= (byte) 0xE0;
            assertThatThrownBy(() -> unzip(broken, broken.length)).isInstanceOf(DataFormatException.class);
        }
    }

    private static byte[] zip(byte[] data) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(data);
        }
        return bytes.toByteArray();
    }

    private static byte[] unzip(byte[] zipped, int size) throws DataFormatException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Gunzip gunzip = new Gunzip()) {
            for (int from = 0; from < zipped.length; from += size) {
                gunzip.feed(Arrays.copyOfRange(zipped, from, Math.min(zipped.length, from + size)));
                drain(gunzip, all);
            }
            assertThat(gunzip.isWhole()).isTrue();
        }
        return all.toByteArray();
    }

    private static void drain(Gunzip gunzip, ByteArrayOutputStream to) throws DataFormatException {
        byte[] buffer = new byte[64];
        int length = gunzip.read(buffer);
        while (length > 0) {
            to.write(buffer, 0, length);
            length = gunzip.read(buffer);
        }
    }
}
