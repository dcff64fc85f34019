package dev.igarape.jobs.landing.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.inspect.Inspection;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.AcceptedGap;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.model.Source;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.Inspected;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** Files that Event Hubs Capture writes: their schema, names and times are those of the service. */
final class EventHubsCaptureTest extends FilesLandingTestBase {
    private static final Schema EVENT_DATA = new Schema.Parser().parse("""
            {"type":"record","name":"EventData","namespace":"Microsoft.ServiceBus.Messaging","fields":[
             {"name":"SequenceNumber","type":"long"},
             {"name":"Offset","type":"string"},
             {"name":"EnqueuedTimeUtc","type":"string"},
             {"name":"SystemProperties","type":{"type":"map","values":["long","double","string","bytes"]}},
             {"name":"Properties","type":{"type":"map","values":["long","double","string","bytes","null"]}},
             {"name":"Body","type":["null","bytes"]}]}
            """);
    private static final DateTimeFormatter US_TIME = DateTimeFormatter.ofPattern("M/d/yyyy h:mm:ss a", Locale.US);
    private static final String PATTERN =
            "landing/{Namespace}/{EventHub}/{PartitionId}/{yyyy}/{MM}/{dd}/{HH}/{mm}/{ss}.avro";

    @Test
    void landsEachEventOnce() throws Exception {
        write("shop/orders/0/2024/01/30/15/00/00.avro", capture(1, 2, 3));
        write("shop/orders/0/2024/01/30/15/05/00.avro", capture());
        write("shop/orders/0/2024/01/30/15/10/00.avro", capture(2, 3, 4, 5, 5));
        write("shop/orders/0/2024/01/30/15/10/01.avro", capture(2, 3, 4, 5, 5));
        write("shop/orders/1/2024/01/31/00/00/00.avro", capture(1));
        write("shop/returns/0/2024/01/31/00/00/00.avro", capture(0));
        TableRun run = land(captures());
        assertThat(run.balance()).isEqualTo(new Balance(15, 7, 0, 0, 0, 8, 0));
        assertThat(run.warnings()).isEmpty();
        assertThat(events())
                .containsExactly(
                        "2024-01-30 shop/orders 0 1 body 1",
                        "2024-01-30 shop/orders 0 2 body 2",
                        "2024-01-30 shop/orders 0 3 body 3",
                        "2024-01-30 shop/orders 0 4 body 4",
                        "2024-01-30 shop/orders 0 5 body 5",
                        "2024-01-31 shop/orders 1 1 body 1",
                        "2024-01-31 shop/returns 0 0 body 0");
        assertThat(local.metastore().getTable(prefix + "raw", "prices").getSd().getCols())
                .extracting(column -> column.getName() + " " + column.getType())
                .containsExactly(
                        "file string",
                        "line bigint",
                        "event_hub string",
                        "partition int",
                        "sequence_number bigint",
                        "offset string",
                        "enqueued_time timestamp",
                        "system_properties map<string,string>",
                        "properties map<string,string>",
                        "body binary");
        write("shop/orders/0/2024/01/30/15/15/00.avro", capture(5, 6));
        assertThat(land(captures()).balance()).isEqualTo(new Balance(2, 1, 0, 0, 0, 1, 0));
        assertThat(land(captures()).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
    }

    @Test
    void timesAndPropertiesAreRead() throws Exception {
        GenericRecord event = event(7, "1/30/2024 3:04:05 PM");
        event.put("Properties", Map.of("price", 1.5, "key", ByteBuffer.wrap(new byte[] {1, 2})));
        event.put("SystemProperties", Map.of("x-opt-enqueued-time", 12L));
        GenericRecord early = event(8, "12/1/2024 12:00:00 AM");
        early.put("Body", null);
        write("s/o/0/2024/01/30/15/00/00.avro", avro(EVENT_DATA, event, early, event(9, "30.1.2024")));
        assertThat(land(captures()).balance()).isEqualTo(Balance.landed(3, 2, 1));
        List<GenericRecord> rows =
                records(local.partitions(prefix + "raw", "prices").get(0));
        assertThat(rows).extracting(row -> row.get("enqueued_time")).containsExactly(1706627045000L, 1733011200000L);
        assertThat(strings((Map<?, ?>) rows.get(0).get("properties"))).isEqualTo(Map.of("price", "1.5", "key", "AQI="));
        assertThat(strings((Map<?, ?>) rows.get(0).get("system_properties")))
                .isEqualTo(Map.of("x-opt-enqueued-time", "12"));
        assertThat(rows.get(1).get("body")).isNull();
        assertThat(rows("quarantine", "raw_prices"))
                .singleElement()
                .asString()
                .startsWith("2024-01-30 00.avro 3 bad_time [{\"SequenceNumber\": 9");
        assertThat(land(captures()).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
    }

    @Test
    void missingSequenceNumbersAreToldUntilTheyComeOrAreAccepted() throws Exception {
        write("s/o/0/2024/01/30/15/00/00.avro", capture(3, 4));
        write("s/o/0/2024/01/30/15/10/00.avro", capture(8, 9, 12));
        write("s/o/1/2024/01/30/15/00/00.avro", capture(100));
        assertLost(false)
                .hasMessageContaining("partition 0 of s/o lacks 5-7 (3 events) before ")
                .hasMessageContaining("/s/o/0/2024/01/30/15/10/00.avro; partition 0 of s/o lacks 10-11 (2 events)")
                .hasMessageContaining("Everything else was landed.");
        assertThat(events()).hasSize(6);
        assertLost(false);
        write("s/o/0/2024/01/30/15/05/00.avro", capture(5, 6));
        assertLost(false).hasMessageContaining("lacks 7 (1 event)");
        TableRun accepted = land(captures(), Clock.systemUTC(), List.of(), true);
        assertThat(accepted.outcome()).isEqualTo(TableRun.Outcome.COMMITTED);
        Lake lake = local.lake(prefix, Map.of(), Step.Listener.NONE, raw(captures()));
        assertThat(lake.ledger(RAW).commit(lake.ledger(RAW).read().head()).acceptedGaps())
                .containsExactly(
                        new AcceptedGap("s/o", 0, 7, 8, "not captured"),
                        new AcceptedGap("s/o", 0, 10, 12, "not captured"));
        assertThat(land(captures()).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        write("s/o/0/2024/01/30/15/20/00.avro", capture(10, 11, 13));
        assertThat(land(captures()).balance()).isEqualTo(Balance.landed(3, 3, 0));
        assertThat(events()).hasSize(11);
    }

    @Test
    void whatAReplacedCaptureNoLongerHasIsTakenFromAnotherOrToldAsLoss() throws Exception {
        write("s/o/0/2024/01/30/15/00/00.avro", capture(0, 1, 2, 3));
        write("s/o/0/2024/01/30/15/05/00.avro", capture(2, 3, 4));
        land(captures());
        write("s/o/0/2024/01/30/15/00/00.avro", capture(0, 1, 2));
        assertThat(land(captures()).balance()).isEqualTo(new Balance(6, 5, 0, 0, 0, 1, 0));
        assertThat(events()).hasSize(5);
        write("s/o/0/2024/01/30/15/00/00.avro", capture(0, 1));
        write("s/o/0/2024/01/30/15/05/00.avro", capture(3, 4));
        assertLost(false).hasMessageContaining("lacks 2 (1 event)");
        assertThat(events()).hasSize(4);
        write("s/o/0/2024/01/30/15/00/00.avro", capture(0, 1, 2, 3, 4));
        assertThat(land(captures()).balance()).isEqualTo(new Balance(5, 3, 0, 0, 0, 2, 0));
        assertThat(events()).hasSize(5);
    }

    @Test
    void itIsTakenFromAnotherThatCouldNotBeReadThen() throws Exception {
        write("s/o/0/2024/01/30/15/00/00.avro", capture(0, 1, 2, 3));
        Path other = write("s/o/0/2024/01/30/15/05/00.avro", capture(2, 3, 4));
        byte[] bytes = Files.readAllBytes(other);
        land(captures());
        Files.delete(other);
        write("s/o/0/2024/01/30/15/00/00.avro", capture(0, 1));
        assertLost(false).hasMessageContaining("lacks 2-3 (2 events)");
        assertLost(false);
        Files.write(other, bytes);
        assertThat(land(captures()).balance()).isEqualTo(Balance.landed(3, 3, 0));
        assertThat(events()).hasSize(5);
        assertThat(land(captures()).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
    }

    @Test
    void anEventHubThatWasMadeAnewCountsFromZeroAgain() throws Exception {
        write("s/o/0/2024/01/30/15/00/00.avro", capture(0, 1, 2, 3, 4, 5));
        write("s/o/0/2024/01/30/15/05/00.avro", capture(7, 8));
        assertLost(false).hasMessageContaining("lacks 6 (1 event)");
        write("s/o/0/2024/02/01/00/00/00.avro", captureSince("2024-02-01T00:00:00", 0, 1, 2, 6, 7));
        assertLost(false)
                .hasMessageContaining("lacks 6 (1 event) before ")
                .hasMessageContaining("lacks 3-5 (3 events) before ");
        assertThat(events()).hasSize(13);
        write("s/o/0/2024/01/30/15/04/00.avro", capture(5, 6));
        write("s/o/0/2024/02/01/00/05/00.avro", captureSince("2024-02-01T00:00:00", 2, 3, 4, 5, 6));
        assertThat(land(captures()).balance()).isEqualTo(new Balance(7, 4, 0, 0, 0, 3, 0));
        assertThat(events()).hasSize(17);
        write("s/o/0/2024/03/01/00/00/00.avro", captureSince("2024-03-01T00:00:00", 0, 1));
        TableRun again = land(captures());
        assertThat(again.balance()).isEqualTo(Balance.landed(2, 2, 0));
        assertThat(again.warnings())
                .singleElement()
                .asString()
                .startsWith(
                        "partition 0 of s/o counts its events anew since 2024-03-01T00:00:00Z, for its event hub was"
                                + " deleted and made again.");
        assertThat(land(captures()).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        write("s/o/0/2024/04/01/00/00/00.avro", captureSince("2024-04-01T00:00:00", 1, 2));
        assertLost(false).hasMessageContaining("lacks 0 (1 event) before ");
    }

    /** An empty file is a sign of life. */
    @Test
    void whatIsCapturedNoMoreIsToldAndNoEventsAreNot() throws Exception {
        sentAt("2024-01-30T15:00:00Z", "s/o/0/2024/01/30/15/00/00.avro", capture(0));
        sentAt("2024-01-30T15:00:00Z", "s/o/1/2024/01/30/15/00/00.avro", capture(0));
        sentAt("2024-01-30T16:30:00Z", "s/o/0/2024/01/30/16/30/00.avro", capture());
        Instant later = Instant.parse("2024-01-30T17:00:00Z");
        assertThat(toldAt(later))
                .containsExactly("partition 1 of event hub s/o has sent no capture since 2024-01-30T15:00:00Z, while"
                        + " others have until 2024-01-30T16:30:00Z");
        sentAt("2024-01-30T16:30:00Z", "s/o/1/2024/01/30/16/30/00.avro", capture());
        assertThat(toldAt(later)).isEmpty();
        assertThat(toldAt(later.plus(Duration.ofDays(1))))
                .containsExactly(
                        "event hub s/o has sent no capture since 2024-01-30T16:30:00Z, though files were looked"
                                + " for at 2024-01-31T17:00:00Z");
        assertThat(events()).hasSize(2);
    }

    private void sentAt(String time, String name, byte[] bytes) throws Exception {
        Files.setLastModifiedTime(write(name, bytes), FileTime.from(Instant.parse(time)));
    }

    /** What is told of the table after a landing. */
    private List<String> toldAt(Instant time) throws Exception {
        Clock clock = Clock.fixed(time, ZoneOffset.UTC);
        land(captures(), clock, List.of(), false);
        Lake lake = local.lake(prefix, Map.of(), Map.of(), Map.of(), clock, Step.Listener.NONE, raw(captures()));
        try (Publisher publisher = lake.publisher()) {
            return new Inspection(lake, publisher)
                    .of(lake.table(RAW), List.of()).findings().stream()
                            .map(Inspected.Finding::problem)
                            .toList();
        }
    }

    @Test
    void twoLandingsAtOnceBringEachEventOnce() throws Exception {
        write("s/o/0/2024/01/30/15/00/00.avro", capture(0, 1));
        AtomicBoolean isFirst = new AtomicBoolean(true);
        land(captures("00"), step -> {
            if (step == Step.PLANNED && isFirst.getAndSet(false)) {
                assertThatCode(() -> {
                            write("s/o/0/2024/01/30/15/00/01.avro", capture(1, 2));
                            land(captures("01"));
                        })
                        .doesNotThrowAnyException();
            }
        });
        assertThat(events()).hasSize(3);
    }

    @Test
    void otherAvroFilesAndPartitionsAreRefused() throws Exception {
        Schema other = SchemaBuilder.record("Sale")
                .fields()
                .requiredLong("SequenceNumber")
                .endRecord();
        write("s/o/0/2024/01/30/15/00/00.avro", avro(other));
        write("s/o/0/2024/01/30/15/05/00.avro", capture(1));
        assertThatThrownBy(() -> land(captures()))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("00.avro is no capture of Event Hubs: its rows lack fields of EventData")
                .hasMessageContaining("The 1 other new file was landed.");
        write("s/o/a/2024/01/30/15/00/00.avro", capture(1));
        assertThatThrownBy(() -> land(captures()))
                .hasMessageContaining("'a' is no partition of an event hub, a number, in ");
    }

    private AbstractThrowableAssert<?, ?> assertLost(boolean acceptGap) {
        return assertThatThrownBy(() -> land(captures(), Clock.systemUTC(), List.of(), acceptGap))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.EXPECTATION))
                .hasMessageContaining("Events of raw.prices are lost: ")
                .hasMessageContaining("--accept-gap");
    }

    private Source.Files captures() {
        return captures("{ss}");
    }

    private Source.Files captures(String second) {
        return new Source.Files(
                "/" + prefix + PATTERN.replace("{ss}", second),
                "avro",
                "",
                List.of(),
                "",
                Optional.of(Source.Files.EVENT_HUBS),
                Optional.empty());
    }

    private List<String> events() throws Exception {
        List<String> events = new ArrayList<>();
        for (Partition partition : local.partitions(prefix + "raw", "prices")) {
            for (GenericRecord row : records(partition)) {
                events.add(partition.getValues().get(0) + " " + row.get("event_hub") + " " + row.get("partition") + " "
                        + row.get("sequence_number") + " "
                        + StandardCharsets.UTF_8.decode((ByteBuffer) row.get("body")));
            }
        }
        events.sort(String::compareTo);
        return events;
    }

    private static byte[] capture(long... numbers) throws Exception {
        return captureSince("2024-01-30T15:00:00", numbers);
    }

    /** Event 0 comes at this time, and one each second. */
    private static byte[] captureSince(String time, long... numbers) throws Exception {
        List<GenericRecord> events = new ArrayList<>();
        for (long number : numbers) {
            events.add(
                    event(number, LocalDateTime.parse(time).plusSeconds(number).format(US_TIME)));
        }
        return avro(EVENT_DATA, events.toArray(new GenericRecord[0]));
    }

    private static GenericRecord event(long number, String time) {
        GenericRecord event = new GenericData.Record(EVENT_DATA);
        event.put("SequenceNumber", number);
        event.put("Offset", Long.toString(number * 100));
        event.put("EnqueuedTimeUtc", time);
        event.put("SystemProperties", Map.of());
        event.put("Properties", Map.of());
        event.put("Body", ByteBuffer.wrap(("body " + number).getBytes(StandardCharsets.UTF_8)));
        return event;
    }

    private static byte[] avro(Schema schema, GenericRecord... rows) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.setCodec(CodecFactory.deflateCodec(6));
            writer.create(schema, bytes);
            for (GenericRecord row : rows) {
                writer.append(row);
            }
        }
        return bytes.toByteArray();
    }
}
