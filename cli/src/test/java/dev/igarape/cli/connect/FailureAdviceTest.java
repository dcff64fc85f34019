package dev.igarape.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Traces as Kafka Connect 4.1 and Debezium 3.4 give them. */
final class FailureAdviceTest {
    private static final String RECREATED = """
            io.debezium.DebeziumException: The connector is trying to read change stream starting at PostgresOffsetContext \
            [sourceInfoSchema=Schema{io.debezium.connector.postgresql.Source:STRUCT}, sourceInfo=source_info[server='shop'db=\
            'shop', lsn=LSN{0/1D3D848}], transactionContext=TransactionContext [currentTransactionId=null]], but this is no \
            longer available on the server. Reconfigure the connector to use a snapshot mode when needed.
            \tat io.debezium.connector.common.BaseSourceTask.validateSchemaHistory(BaseSourceTask.java:151)
            """;
    private static final String NESTED = """
            org.apache.kafka.connect.errors.ConnectException: An exception occurred in the change event producer.
            \tat io.debezium.pipeline.ErrorHandler.setProducerThrowable(ErrorHandler.java:67)
            Caused by: io.debezium.DebeziumException: middle
            \t... 5 more
            Caused by: org.postgresql.util.PSQLException: ERROR: can no longer get changes from replication slot "orders"
            \tat org.postgresql.core.v3.QueryExecutorImpl.receiveErrorResponse(QueryExecutorImpl.java:2733)
            """;

    @Test
    void theReasonIsTheFirstLineWithoutItsBrackets() {
        assertThat(FailureAdvice.reason(RECREATED))
                .isEqualTo("io.debezium.DebeziumException: The connector is trying to read change stream starting at"
                        + " PostgresOffsetContext, but this is no longer available on the server. Reconfigure the"
                        + " connector to use a snapshot mode when needed.");
    }

    @Test
    void aCauseBehindItIsTold() {
        assertThat(FailureAdvice.reason(NESTED))
                .isEqualTo("org.apache.kafka.connect.errors.ConnectException: An exception occurred in the change event"
                        + " producer.; cause: org.postgresql.util.PSQLException: ERROR: can no longer get changes from"
                        + " replication slot \"orders\"");
    }

    @Test
    void theRemedyFitsTheCause() {
        assertThat(FailureAdvice.remedy("orders", RECREATED))
                .contains("./lake connect delete orders, drop the slot in the database", "./lake connect apply orders");
        assertThat(FailureAdvice.remedy("orders", NESTED)).contains("drop the slot in the database");
        assertThat(FailureAdvice.remedy("orders", "java.lang.NullPointerException"))
                .contains("./lake logs connect")
                .contains("./lake connect restart orders");
    }

    @Test
    void onlyADatabaseThatIsNotTrustedNeedsItsCertificate() {
        String untrusted = "PKIX path building failed: unable to find valid certification path to requested target";
        assertThat(FailureAdvice.remedy("orders", """
                        io.debezium.DebeziumException: Couldn't obtain encoding for database shop
                        Caused by: org.postgresql.util.PSQLException: SSL error: %s
                        Caused by: javax.net.ssl.SSLHandshakeException: %s
                        """.formatted(untrusted, untrusted)))
                .startsWith("Let database.sslrootcert in connect/orders.json");
        assertThat(FailureAdvice.remedy("orders", """
                        org.apache.kafka.connect.errors.DataException: Failed to serialize Avro data from topic shop.orders :
                        \tat io.confluent.connect.avro.AvroConverter.fromConnectData(AvroConverter.java:107)
                        \tat io.debezium.connector.postgresql.PostgresStreamingChangeEventSource.execute(Source.java:1)
                        Caused by: javax.net.ssl.SSLHandshakeException: %s
                        """.formatted(untrusted)))
                .doesNotContain("sslrootcert")
                .contains("./lake logs connect");
    }

    @Test
    void sizesAreForPeople() {
        assertThat(ConnectorChecks.size(152)).isEqualTo("152 B");
        assertThat(ConnectorChecks.size(1536)).isEqualTo("1.5 kB");
        assertThat(ConnectorChecks.size(16L << 20)).isEqualTo("16 MB");
        assertThat(ConnectorChecks.size(3L << 30)).isEqualTo("3.0 GB");
    }
}
