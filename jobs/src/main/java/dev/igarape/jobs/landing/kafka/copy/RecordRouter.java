package dev.igarape.jobs.landing.kafka.copy;

import dev.igarape.jobs.avro.AvroBuffer;
import dev.igarape.jobs.landing.kafka.datum.DatumSkipper;
import dev.igarape.jobs.landing.kafka.datum.EnvelopeSchema;
import dev.igarape.jobs.landing.kafka.datum.EventTimeKind;
import dev.igarape.jobs.landing.kafka.datum.JsonDatum;
import dev.igarape.jobs.landing.kafka.offsets.OffsetRange;
import dev.igarape.jobs.landing.kafka.output.DateResolver;
import dev.igarape.jobs.landing.kafka.output.DatedFiles;
import dev.igarape.jobs.landing.kafka.output.FileNames;
import dev.igarape.jobs.landing.kafka.output.FileStream;
import dev.igarape.jobs.landing.kafka.output.LandedFile;
import dev.igarape.jobs.landing.kafka.output.LandingOptions;
import dev.igarape.jobs.landing.kafka.output.RecordRule;
import dev.igarape.jobs.landing.kafka.output.ValueFormat;
import dev.igarape.jobs.landing.kafka.schema.WriterSchemas;
import dev.igarape.jobs.storage.JsonText;
import dev.igarape.jobs.storage.QuarantineSchema;
import dev.igarape.wire.serde.WireFormat;
import dev.igarape.wire.serde.WireMessage;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Routes the records of one range to the file of their schema and date, or to quarantine. */
final class RecordRouter {
    private static final String QUARANTINE_FOLDER = "_quarantine/";
    /** Schema id of values without a schema; no registry assigns it. */
    private static final int PLAIN = 0;

    private final OffsetRange range;
    private final LandingOptions options;
    private final WriterSchemas schemas;
    private final DateResolver dates;
    private final DatedFiles files;
    private final DatedFiles quarantineFiles;
    private final FileStream quarantineStream;
    private final WriterStreams streams = new WriterStreams(this::lookUp);
    private final AvroBuffer buffer = new AvroBuffer();
    /** Topic and partition in Avro's encoding, the same for all records of the range. */
    private final byte[] source;

    private final JsonDatum json;
    private Optional<FileStream> plain = Optional.empty();

    private int lastId;
    private long read;
    private long written;
    private long quarantined;
    private long dropped;

    RecordRouter(OffsetRange range, LandingOptions options, WriterSchemas schemas, FileSystem fs, Path folder) {
        this(
                range,
                "part-" + FileNames.safe(range.topic()) + "-" + range.partition() + "-" + range.from(),
                options,
                schemas,
                fs,
                folder);
    }

    /** @param prefix of the file names */
    RecordRouter(
            OffsetRange range,
            String prefix,
            LandingOptions options,
            WriterSchemas schemas,
            FileSystem fs,
            Path folder) {
        this.range = range;
        this.options = options;
        this.schemas = schemas;
        this.json = new JsonDatum(options.eventTimeField());
        this.dates = new DateResolver(options.timezone());
        this.files = new DatedFiles(fs, folder, prefix, options);
        this.quarantineFiles = new DatedFiles(fs, folder, prefix, options);
        this.quarantineStream =
                quarantineFiles.stream(QUARANTINE_FOLDER, LandedFile.QUARANTINE, QuarantineSchema.schema());
        this.source =
                new AvroBuffer().string(range.topic()).number(range.partition()).toByteArray();
    }

    /** Lands, quarantines or drops one record; a new schema id is looked up in the registry. */
    void accept(ConsumerRecord<byte[], byte[]> message) throws IOException {
        read++;
        byte[] value = message.value();
        if (value == null && options.dropTombstones()) {
            dropped++;
            return;
        }
        if (value == null) {
            quarantine(
                    message,
                    RecordRule.NULL_VALUE,
                    "the record has no value; where that means a deletion, declare `tombstones: drop`");
            return;
        }
        if (options.format() != ValueFormat.AVRO) {
            landPlain(message, value);
            return;
        }
        if (value.length < WireFormat.HEADER_LENGTH || value[0] != 0) {
            quarantineUnframed(message, value);
            return;
        }
        int id = (value[1] & 0xff) << 24 | (value[2] & 0xff) << 16 | (value[3] & 0xff) << 8 | value[4] & 0xff;
        lastId = id;
        WriterStream stream = streams.of(id);
        if (stream instanceof WriterStream.Landing landing) {
            land(message, value, landing);
        } else {
            WriterStream.Rejected rejected = (WriterStream.Rejected) stream;
            quarantine(message, rejected.rule(), rejected.reason());
        }
    }

    private void land(ConsumerRecord<byte[], byte[]> message, byte[] value, WriterStream.Landing landing)
            throws IOException {
        Optional<String> fault = landing.check(value, WireFormat.HEADER_LENGTH);
        if (fault.isPresent()) {
            quarantine(message, RecordRule.UNDECODABLE, fault.get());
            return;
        }
        DatumSkipper datum = landing.skipper();
        long time;
        long day;
        if (datum.eventTimeKind() == EventTimeKind.INSTANT) {
            time = datum.eventTime();
            day = dates.day(time);
        } else if (datum.eventTimeKind() == EventTimeKind.ABSENT) {
            time = message.timestamp();
            day = dates.day(time);
        } else if (datum.eventTimeKind() == EventTimeKind.LOCAL_DAY) {
            day = datum.eventTime();
            time = startOfDay(day);
        } else if (datum.eventTimeKind() == EventTimeKind.LOCAL_TIME) {
            day = DateResolver.localDay(datum.eventTime());
            time = DateResolver.inRange(day) ? dates.moment(datum.eventTime()) : 0;
        } else {
            quarantine(message, RecordRule.EVENT_TIME_INVALID, datum.unreadableReason());
            return;
        }
        if (!DateResolver.inRange(day)) {
            quarantine(
                    message,
                    RecordRule.EVENT_TIME_OUT_OF_RANGE,
                    outOfRange(message, datum.eventTimeKind(), datum.eventTime()));
            return;
        }
        AvroBuffer out = buffer.clear();
        key(out, message)
                .raw(source, 0, source.length)
                .number(message.offset())
                .number(message.timestamp())
                .raw(landing.encodedId(), 0, landing.encodedId().length)
                .raw(value, WireFormat.HEADER_LENGTH, value.length - WireFormat.HEADER_LENGTH);
        landing.files().append(day, time, out.array(), out.length());
        written++;
    }

    /** Lands a value that carries no schema id, under schema id 0. */
    private void landPlain(ConsumerRecord<byte[], byte[]> message, byte[] value) throws IOException {
        int from = 0;
        if (options.format() == ValueFormat.JSON) {
            from = JsonText.byteOrderMark(value);
            Optional<String> fault = json.check(value);
            if (fault.isPresent()) {
                quarantine(message, RecordRule.NOT_JSON, fault.get());
                return;
            }
        }
        long time = message.timestamp();
        long day = dates.day(time);
        if (json.eventTimeKind() == EventTimeKind.INSTANT) {
            time = json.eventTime();
            day = dates.day(time);
        } else if (json.eventTimeKind() == EventTimeKind.LOCAL_DAY) {
            day = json.eventTime();
            time = startOfDay(day);
        } else if (json.eventTimeKind() == EventTimeKind.LOCAL_TIME) {
            day = DateResolver.localDay(json.eventTime());
            time = DateResolver.inRange(day) ? dates.moment(json.eventTime()) : 0;
        } else if (json.eventTimeKind() == EventTimeKind.UNREADABLE) {
            quarantine(message, RecordRule.EVENT_TIME_INVALID, json.unreadableReason());
            return;
        }
        if (!DateResolver.inRange(day)) {
            quarantine(
                    message,
                    RecordRule.EVENT_TIME_OUT_OF_RANGE,
                    outOfRange(message, json.eventTimeKind(), json.eventTime()));
            return;
        }
        AvroBuffer out = buffer.clear();
        key(out, message)
                .raw(source, 0, source.length)
                .number(message.offset())
                .number(message.timestamp())
                .number(PLAIN)
                .number(value.length - from)
                .raw(value, from, value.length - from);
        if (plain.isEmpty()) {
            Schema envelope = EnvelopeSchema.around(options.format().plainSchema());
            plain = Optional.of(files.stream("", PLAIN, envelope));
        }
        plain.get().append(day, time, out.array(), out.length());
        written++;
    }

    /** The event time of a record that says only its day; 0 for a day that is out of range and goes to quarantine. */
    private long startOfDay(long day) {
        return DateResolver.inRange(day) ? dates.start(day) : 0;
    }

    private static AvroBuffer key(AvroBuffer out, ConsumerRecord<byte[], byte[]> message) {
        byte[] key = message.key();
        return key == null ? out.number(0) : out.number(1).bytes(key);
    }

    private String outOfRange(ConsumerRecord<byte[], byte[]> message, EventTimeKind kind, long eventTime) {
        String bounds = "; a date is from 1970-01-01 to 9999-12-31";
        switch (kind) {
            case INSTANT:
                return options.eventTime() + " is " + Instant.ofEpochMilli(eventTime) + bounds;
            case LOCAL_TIME:
                return options.eventTime() + " is " + eventTime + " ms since 1970-01-01" + bounds;
            case LOCAL_DAY:
                return options.eventTime() + " is " + eventTime + " days since 1970-01-01" + bounds;
            default:
                return "the Kafka timestamp is " + message.timestamp() + " ms since 1970-01-01" + bounds;
        }
    }

    private void quarantineUnframed(ConsumerRecord<byte[], byte[]> message, byte[] value) throws IOException {
        RecordRule rule = value.length < WireFormat.HEADER_LENGTH ? RecordRule.SHORT_MESSAGE : RecordRule.BAD_MAGIC;
        WireMessage framed = WireFormat.parse(value);
        quarantine(
                message,
                rule,
                framed instanceof WireMessage.Poison poison ? poison.reason() : "not in the wire format");
    }

    private void quarantine(ConsumerRecord<byte[], byte[]> message, RecordRule rule, String reason) throws IOException {
        AvroBuffer out = buffer.clear().string(rule.toString()).string(reason);
        out.raw(source, 0, source.length).number(message.offset()).number(message.timestamp());
        boolean framed = options.format() == ValueFormat.AVRO
                && rule != RecordRule.NULL_VALUE
                && rule != RecordRule.SHORT_MESSAGE
                && rule != RecordRule.BAD_MAGIC;
        if (framed) {
            out.number(1).number(lastId);
        } else {
            out.number(0);
        }
        out.nullableBytes(Optional.ofNullable(message.key())).nullableBytes(Optional.ofNullable(message.value()));
        out.number(0);
        quarantineStream.append(
                DateResolver.clamp(dates.day(message.timestamp())), message.timestamp(), out.array(), out.length());
        quarantined++;
    }

    private WriterStream lookUp(int id) {
        WriterSchemas.Lookup lookup = schemas.byId(id);
        if (lookup instanceof WriterSchemas.Known writer) {
            return new WriterStream.Landing(
                    DatumSkipper.compile(writer.schema(), options.eventTimeField()),
                    files.stream("", id, EnvelopeSchema.around(writer.schema())),
                    new AvroBuffer().number(id).toByteArray());
        }
        return lookup instanceof WriterSchemas.Unusable unusable
                ? new WriterStream.Rejected(RecordRule.UNUSABLE_SCHEMA, unusable.reason())
                : new WriterStream.Rejected(RecordRule.UNKNOWN_SCHEMA_ID, ((WriterSchemas.Unknown) lookup).reason());
    }

    /** Writes and closes all files, and checks that the counts balance. */
    RangeResult finish(String folder) throws IOException {
        List<LandedFile> landed = files.close();
        List<LandedFile> quarantinedFiles = quarantineFiles.close();
        return new RangeResult(range, folder, read, written, quarantined, dropped, landed, quarantinedFiles)
                .requireBalanced();
    }

    /** Closes all files after a failure. */
    void abandon() {
        files.abandon();
        quarantineFiles.abandon();
    }
}
