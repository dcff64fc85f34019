package dev.igarape.jobs.landing.kafka;

import dev.igarape.jobs.landing.kafka.copy.RangeResult;
import dev.igarape.jobs.landing.kafka.output.LandedFile;
import dev.igarape.jobs.landing.kafka.schema.WriterSchemas;
import dev.igarape.model.Source;
import java.util.Optional;

/** The further partitions of a landing with {@code partition_by}: the one to which each file of a commit belongs. */
@FunctionalInterface
interface NamedPartitions {
    /** The partition of a file; empty where a landing has no further ones. */
    Optional<Name> of(RangeResult range, LandedFile file);

    /** A partition column and its value; as text it is the folder's name. */
    record Name(String column, String value) {
        @Override
        public String toString() {
            return column + "=" + value;
        }
    }

    /** @param schemas asked for the names of records, where the table is partitioned by them */
    static NamedPartitions of(Source.Kafka source, WriterSchemas.Factory schemas) {
        if (source.partitionBy().isEmpty()) {
            return (range, file) -> Optional.empty();
        }
        String column = source.partitionBy().get();
        if (column.equals(Source.Kafka.TOPIC)) {
            return (range, file) -> Optional.of(new Name(column, range.range().topic()));
        }
        WriterSchemas writers = schemas.create();
        return (range, file) -> {
            if (writers.byId(file.schemaId()) instanceof WriterSchemas.Known writer) {
                return Optional.of(new Name(column, writer.schema().getFullName()));
            }
            throw new IllegalStateException("rows were landed with schema " + file.schemaId() + ", unknown now");
        };
    }
}
