package dev.igarape.cli.faults;

import static dev.igarape.cli.faults.Stage.DAILY;
import static dev.igarape.cli.faults.Stage.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.cli.e2e.LakeCommand;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericDatumReader;

/** What may become of a build's inputs and tasks. */
final class Inputs {
    private final Stage stage;

    Inputs(Stage stage) {
        this.stage = stage;
    }

    /** A file of raw that lost its end is refused, wherever it was cut; nothing is built of what is left. */
    void cutFiles() throws Exception {
        FaultLake lake = stage.lake();
        stage.poison().send(10);
        stage.run("raw.gaps", FIRST, "--accept-gap");
        String folder = stage.ledgers().rows("raw.gaps").entrySet().stream()
                .filter(version -> version.getValue() == 10)
                .map(version -> "/lake/raw/gaps/" + version.getKey())
                .findFirst()
                .orElseThrow();
        String file = folder + "/" + lake.names(folder).get(0);
        byte[] whole = lake.file(file);
        try {
            for (int length : List.of(whole.length - 1, whole.length / 2, headerLength(whole))) {
                lake.write(file, Arrays.copyOf(whole, length));
                LakeCommand.Result refused = stage.attempt("trusted.gaps", FIRST);
                assertThat(refused.status()).as(refused.err()).isEqualTo(5);
                assertThat(refused.err()).contains(folder, length + " bytes");
            }
        } finally {
            lake.write(file, whole);
        }
        stage.run("trusted.gaps", FIRST);
        assertThat(lake.number("SELECT count(*) FROM trusted.gaps"))
                .isEqualTo(lake.number("SELECT count(*) FROM raw.gaps"));
    }

    /** Bytes of an Avro file up to its first block: cut off there, it is a whole file without rows. */
    private static int headerLength(byte[] file) throws IOException {
        try (DataFileReader<Object> reader =
                new DataFileReader<>(new SeekableByteArrayInput(file), new GenericDatumReader<>())) {
            return (int) reader.previousSync();
        }
    }

    /**
     * On a cluster whose tasks dawdle, a second attempt of each is started on another host, and whichever ends first
     * wins; the other one is stopped, or comes too late.
     */
    void speculate() throws Exception {
        FaultLake lake = stage.lake();
        stage.sendAndLand(FIRST);
        stage.run(DAILY, FIRST);
        try (SparkCluster cluster = lake.cluster()) {
            RunningJob job = lake.start(cluster, "gold.marks_slowly", FIRST);
            assertThat(job.finish()).as(job.log()).isZero();
            assertThat(cluster.speculativeAttempts()).isPositive();
        }
        assertThat(lake.number("SELECT count(*) FROM gold.marks_slowly"))
                .isEqualTo(lake.number("SELECT count(*) FROM trusted.marks WHERE date = DATE '" + FIRST + "'"));
    }
}
