package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.landing.files.content.FileContent;
import dev.igarape.jobs.landing.files.content.FileRule;
import dev.igarape.jobs.landing.files.folders.EventHubPartition;
import dev.igarape.jobs.landing.files.folders.FoundFile;
import dev.igarape.jobs.landing.files.rows.AvroFileRows;
import dev.igarape.jobs.landing.files.rows.CapturedEvent;
import dev.igarape.model.Source;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * Copies captures of Event Hubs. An event that another file has brought is a duplicate, for Capture may write events twice. It
 * is known by its sequence number and its time: numbers alone come again where an event hub was made anew.
 */
final class EventsCopy implements FileCopy {
    private final Schema schema;
    private final CapturedNumbers numbers;

    /** @param numbers of the events that files have brought */
    EventsCopy(Source.Files source, CapturedNumbers numbers) {
        this.schema = FileEnvelope.fixed(source).orElseThrow();
        this.numbers = numbers;
    }

    @Override
    public Copied copy(FoundFile file, InputStream stored, FileOutputs out) throws IOException {
        EventHubPartition partition = file.captured().orElseThrow();
        out.begin(schema);
        BroughtEvents brought = new BroughtEvents();
        long duplicates = 0;
        try (AvroFileRows rows = new AvroFileRows(FileContent.avro(stored, file.name()), file.name())) {
            CapturedEvent.requireEvents(rows.schema(), file.name());
            long line = 0;
            for (Optional<Object> next = rows.next(); next.isPresent(); next = rows.next()) {
                line++;
                GenericRecord event = (GenericRecord) next.get();
                long number = CapturedEvent.sequenceNumber(event);
                Optional<Instant> enqueued = enqueued(event);
                if (numbers.isOfOther(file, number, enqueued)) {
                    brought.addOfOther(number);
                    duplicates++;
                } else if (brought.add(number, enqueued)) {
                    copy(file, partition, line, event, out);
                } else {
                    requireSame(file, brought, number, enqueued);
                    duplicates++;
                }
            }
            stored.transferTo(OutputStream.nullOutputStream());
        }
        return new Copied(0, duplicates, Optional.empty(), Optional.of(brought.captured(partition)));
    }

    /** Empty if the event does not say a time, for which it is refused. */
    private static Optional<Instant> enqueued(GenericRecord event) {
        try {
            return Optional.of(CapturedEvent.enqueued(event));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static void requireSame(FoundFile file, BroughtEvents brought, long number, Optional<Instant> enqueued) {
        if (!brought.covers(enqueued)) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    file.name() + " has two events with the sequence number " + number
                            + " that are not the same one: the second was enqueued at " + enqueued.orElseThrow()
                            + ". Event Hubs writes the events of one event hub into a file; put those of one that was made"
                            + " anew into a file of their own.");
        }
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
