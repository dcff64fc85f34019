package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.landing.files.content.FileContent;
import dev.igarape.jobs.landing.files.content.FileRule;
import dev.igarape.jobs.landing.files.folders.EventHubPartition;
import dev.igarape.jobs.landing.files.folders.FoundFile;
import dev.igarape.jobs.landing.files.rows.AvroFileRows;
import dev.igarape.jobs.landing.files.rows.CapturedEvent;
import dev.igarape.jobs.ledger.Consumed;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.model.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * Copies captures of Event Hubs. An event whose sequence number another file has brought is a duplicate: Capture may write
 * events twice.
 */
final class EventsCopy implements FileCopy {
    private final Schema schema;
    private final CapturedNumbers numbers;

    /** @param numbers of the events that other files have brought */
    EventsCopy(Source.Files source, CapturedNumbers numbers) {
        this.schema = FileEnvelope.fixed(source).orElseThrow();
        this.numbers = numbers;
    }

    @Override
    public Copied copy(FoundFile file, InputStream stored, FileOutputs out) throws IOException {
        EventHubPartition partition = file.captured().orElseThrow();
        SequenceSet others = numbers.ofOthers(file);
        out.begin(schema);
        BroughtNumbers brought = new BroughtNumbers();
        long duplicates = 0;
        try (AvroFileRows rows = new AvroFileRows(FileContent.avro(stored, file.name()), file.name())) {
            CapturedEvent.requireEvents(rows.schema(), file.name());
            long line = 0;
            for (Optional<Object> next = rows.next(); next.isPresent(); next = rows.next()) {
                line++;
                GenericRecord event = (GenericRecord) next.get();
                long number = CapturedEvent.sequenceNumber(event);
                if (!others.contains(number) && brought.add(number)) {
                    copy(file, partition, line, event, out);
                } else {
                    duplicates++;
                }
            }
            stored.transferTo(OutputStream.nullOutputStream());
        }
        return new Copied(
                0,
                duplicates,
                Optional.empty(),
                Optional.of(new Consumed.Captured(partition.eventHub(), partition.partition(), brought.numbers())));
    }

    private void copy(FoundFile file, EventHubPartition partition, long line, GenericRecord event, FileOutputs out)
            throws IOException {
        try {
            out.row(row(file, partition, line, CapturedEvent.of(event)));
        } catch (DateTimeException e) {
            out.refuse(
                    line,
                    FileRule.BAD_TIME,
                    "its EnqueuedTimeUtc is no time such as 1/30/2024 3:04:05 PM: " + e.getMessage(),
                    event.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private GenericRecord row(FoundFile file, EventHubPartition partition, long line, CapturedEvent event) {
        GenericRecord row = new GenericData.Record(schema);
        row.put("file", file.name());
        row.put("line", line);
        row.put("event_hub", partition.eventHub());
        row.put("partition", partition.partition());
        row.put("sequence_number", event.sequenceNumber());
        row.put("offset", event.offset());
        row.put("enqueued_time", event.enqueued().toEpochMilli());
        row.put("system_properties", event.systemProperties());
        row.put("properties", event.properties());
        row.put("body", event.body().orElse(null));
        return row;
    }
}
