package dev.igarape.model.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.igarape.model.TableName;
import java.util.List;

/** The result of checking new schemas of topics, one entry for each subject and table that lands it. */
public record SchemaCheckResult(List<SubjectCheck> checks) {
    public SchemaCheckResult {
        checks = List.copyOf(checks);
    }

    /** The results of one subject's new schema for one table. */
    @JsonPropertyOrder({"subject", "table", "verdicts"})
    public record SubjectCheck(
            String subject,
            TableName table,
            @JsonProperty("verdicts") List<CheckResult> results) {
        public SubjectCheck {
            results = List.copyOf(results);
        }
    }
}
