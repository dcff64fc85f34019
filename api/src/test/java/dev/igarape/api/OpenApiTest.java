package dev.igarape.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.api.testing.OpenApiContract;
import dev.igarape.api.testing.Servers;
import dev.igarape.api.testing.SharedServers;
import dev.igarape.api.testing.TestingApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The description of the service is true. What each answer looks like is checked by {@link OpenApiContract} in every test. */
@ExtendWith(SharedServers.class)
class OpenApiTest {
    @Test
    void isServed(Servers servers) {
        JsonNode document = TestingApi.json(servers.api().get("/openapi"));
        assertThat(document.get("openapi").asText()).startsWith("3.1");
        assertThat(document).isEqualTo(OpenApiContract.document());
    }

    @Test
    void describesEveryAddressAndParameterAndNoOther() {
        try (ApiServer server = new ApiServer(ApiConfig.from(Map.of("IGARAPE_API_OPEN", "true")))) {
            assertThat(server.endpoints()).isEqualTo(OpenApiContract.queries());
        }
    }

    @Test
    void refersOnlyToWhatItHas() {
        List<String> references = OpenApiContract.document().findValuesAsText("$ref");
        assertThat(references).isNotEmpty();
        for (String reference : references) {
            assertThat(OpenApiContract.document().at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        }
    }

    @Test
    void linksOnlyToOperationsThatItHas() {
        List<String> operations = OpenApiContract.document().get("paths").findValuesAsText("operationId");
        List<JsonNode> links = OpenApiContract.document().get("paths").findValues("links");
        assertThat(links).isNotEmpty();
        for (JsonNode link : links) {
            assertThat(operations).containsAll(link.findValuesAsText("operationId"));
        }
    }

    @Test
    void saysWhichAddressesWantAToken() {
        List<String> open = new ArrayList<>();
        for (String operation : OpenApiContract.operations()) {
            String[] parts = operation.split(" ", 2);
            JsonNode described = OpenApiContract.document()
                    .get("paths")
                    .get(parts[1])
                    .get(parts[0].toLowerCase(java.util.Locale.ROOT));
            boolean free = Optional.ofNullable(described.get("security"))
                    .filter(JsonNode::isEmpty)
                    .isPresent();
            assertThat(described.get("responses").has("401")).as(operation).isNotEqualTo(free);
            if (free) {
                open.add(operation);
            }
        }
        assertThat(open)
                .containsExactlyInAnyOrder(
                        "GET /v1/random/{dataset}", "GET /openapi", "GET /health/live", "GET /health/ready");
    }
}
