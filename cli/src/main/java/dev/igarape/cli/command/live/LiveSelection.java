package dev.igarape.cli.command.live;

import dev.igarape.cli.project.Selection;
import dev.igarape.model.Manifest;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The tables of a selection that can be built live.
 *
 * @param tables those, in build order
 * @param left the others, which a pipeline or {@code +} has brought along
 */
public record LiveSelection(List<TableName> tables, List<TableName> left) {
    /**
     * Selects tables.
     *
     * @throws LakeException USAGE for a name that is not in the manifest; DEFINITION if a table that is named itself can't be
     *     built live, or if no table is left
     */
    public static LiveSelection of(Manifest manifest, List<String> selectors) {
        Set<String> named = new HashSet<>();
        selectors.forEach(
                selector -> named.addAll(List.of(selector.replace("+", "").split("[\\s,]+"))));
        List<TableName> tables = new ArrayList<>();
        List<TableName> left = new ArrayList<>();
        for (TableName name : new Selection(manifest).tablesOrAll(selectors)) {
            Table table = manifest.table(name).orElseThrow();
            boolean itself = named.contains(name.toString());
            if (itself ? table.isRunLive() : table.isLive()) {
                tables.add(name);
            } else if (itself) {
                throw new LakeException(
                        ExitCode.DEFINITION,
                        name
                                + " can't be built live: it is neither landed from topics or files nor built by date. Leave"
                                + " it out, and build it with ./lake run.");
            } else {
                left.add(name);
            }
        }
        if (tables.isEmpty()) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "There is nothing to build live: none of these tables is landed from topics or files or built by"
                            + " intervals or keys. Build them with ./lake run, or name a table of whole dates itself.");
        }
        return new LiveSelection(tables, left);
    }
}
