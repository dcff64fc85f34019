package dev.igarape.jobs.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.model.Input;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.ViewDefinition;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.TargetSql;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/** Deploys a Trino view after checking with Trino that it reads exactly the declared tables. */
public final class ViewDeploy {
    private final Lake lake;

    public ViewDeploy(Lake lake) {
        this.lake = lake;
    }

    /**
     * Creates or replaces the view; readers see either the old or the new definition.
     *
     * @throws LakeException DEFINITION if the SQL is not valid or reads other tables than declared; UNAVAILABLE if
     *     Trino is down
     */
    public TableRun run(Table table) {
        List<TableName> inputs = table.inputs().stream().map(Input::table).toList();
        String declared = ((ViewDefinition) table.definition()).sql().strip();
        String sql = new TargetSql(lake.target(), inputs).of(declared);
        Properties properties = new Properties();
        properties.setProperty("user", lake.target().trinoUser());
        String name = lake.target().database(table.name().layer()) + ".\""
                + table.name().name() + "\"";
        try (Connection connection = DriverManager.getConnection(lake.target().trino(), properties);
                Statement statement = connection.createStatement()) {
            requireDeclaredInputs(table, statement, sql);
            statement.execute("CREATE SCHEMA IF NOT EXISTS "
                    + lake.target().database(table.name().layer()));
            statement.execute("CREATE OR REPLACE VIEW " + name + " AS " + sql);
        } catch (SQLException e) {
            throw failure(table, e);
        } catch (IOException e) {
            throw new IllegalStateException("Trino's EXPLAIN (TYPE IO) is no JSON", e);
        }
        return new TableRun(table.name(), Optional.empty(), TableRun.Outcome.COMMITTED, 0, Balance.NONE);
    }

    private void requireDeclaredInputs(Table table, Statement statement, String sql) throws SQLException, IOException {
        Set<String> read = new TreeSet<>();
        try (ResultSet explained = statement.executeQuery("EXPLAIN (TYPE IO, FORMAT JSON) " + sql)) {
            explained.next();
            JsonNode plan = new ObjectMapper().readTree(explained.getString(1));
            for (JsonNode input : plan.path("inputTableColumnInfos")) {
                JsonNode schemaTable = input.path("table").path("schemaTable");
                read.add(schemaTable.path("schema").asText() + "."
                        + schemaTable.path("table").asText());
            }
        }
        Set<String> declared = new TreeSet<>();
        for (Input input : table.inputs()) {
            declared.add(lake.target().database(input.table().layer()) + "."
                    + input.table().name());
        }
        Set<String> undeclared = new TreeSet<>(read);
        undeclared.removeAll(declared);
        if (!undeclared.isEmpty()) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "View " + table.name() + " reads " + undeclared + ", which its 'from' does not list. Add them to"
                            + " 'from', so that order and lineage are right. The view was not changed.");
        }
    }

    private LakeException failure(Table table, SQLException e) {
        boolean answered = e.getErrorCode() > 0 && e.getErrorCode() < 0x10000;
        if (answered) {
            return new LakeException(
                    ExitCode.DEFINITION,
                    "Trino refuses view " + table.name() + ": "
                            + e.getMessage().replaceFirst("^Query failed \\(#\\w+\\): ", "")
                            + ". Mend its SQL, and see that its inputs are built. The view was not changed.",
                    e);
        }
        return new LakeException(
                ExitCode.UNAVAILABLE,
                "Trino at " + lake.target().trino() + " failed while deploying view " + table.name() + ": "
                        + e.getMessage() + ". See that it is up (./lake status) and run again.",
                e);
    }
}
