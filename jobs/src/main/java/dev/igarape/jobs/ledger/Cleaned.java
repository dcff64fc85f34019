package dev.igarape.jobs.ledger;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/**
 * What a commit clears away, none of which any reader needs. Its files are deleted only once the commit stands, so no
 * later commit can refer to them.
 *
 * @param partitions emptied partitions, which the table no longer has
 * @param quarantine emptied partitions, which its quarantine table no longer has
 * @param folders with all in them, relative to the table's folder
 * @param quarantineFolders with all in them, relative to the folder of its quarantine table
 */
public record Cleaned(
        List<PartitionVersion.Key> partitions,
        List<PartitionVersion.Key> quarantine,
        List<String> folders,
        List<String> quarantineFolders) {
    public Cleaned {
        partitions = List.copyOf(partitions);
        quarantine = List.copyOf(quarantine);
        folders = List.copyOf(folders);
        quarantineFolders = List.copyOf(quarantineFolders);
    }

    /** Whether there is nothing to clear away. */
    @JsonIgnore
    public boolean isNone() {
        return partitions.isEmpty() && quarantine.isEmpty() && folders.isEmpty() && quarantineFolders.isEmpty();
    }

    /** Whether files that a commit points at are among those deleted. */
    boolean covers(Commit commit) {
        return covers(folders, paths(commit.partitions()))
                || covers(quarantineFolders, paths(commit.quarantine()))
                || covers(folders, commit.delta().map(DeltaVersion::folders).orElse(List.of()));
    }

    private static List<String> paths(List<PartitionVersion> partitions) {
        return partitions.stream().map(PartitionVersion::path).toList();
    }

    private static boolean covers(List<String> folders, List<String> paths) {
        return paths.stream()
                .anyMatch(path ->
                        folders.stream().anyMatch(folder -> path.equals(folder) || path.startsWith(folder + "/")));
    }
}
