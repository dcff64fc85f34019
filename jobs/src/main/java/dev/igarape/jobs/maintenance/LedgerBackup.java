package dev.igarape.jobs.maintenance;

import com.fasterxml.jackson.core.JacksonException;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.model.Json;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.MaintenanceAction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Backups of ledgers: a zip file with {@code <layer>.<name>/<sequence>.json} for each commit, unchanged, and {@code
 * checksums.json}, which is written last.
 *
 * <p>Commits never change, so any prefix of a ledger is consistent. Tables are copied before their inputs, so that the
 * backup contains the input commits of every build.
 */
public final class LedgerBackup {
    private static final int FORMAT = 1;
    private static final String CHECKSUMS = "checksums.json";

    private final Lake lake;

    public LedgerBackup(Lake lake) {
        this.lake = lake;
    }

    /**
     * Content of a backup.
     *
     * @param commits SHA-256 (hex) of each commit in order, by table
     */
    record Checksums(int format, String target, Instant madeAt, Map<TableName, List<String>> commits) {
        Checksums {
            commits = Collections.unmodifiableMap(new TreeMap<>(commits));
        }
    }

    /** Writes the ledgers of these tables; the file is created atomically and replaces an existing one. */
    public List<MaintenanceAction> backup(Collection<TableName> names, Path file) throws IOException {
        List<Table> tables = new ArrayList<>(lake.inBuildOrder(names));
        Collections.reverse(tables);
        Path half = file.resolveSibling("." + file.getFileName() + ".half");
        List<MaintenanceAction> actions = new ArrayList<>();
        Map<TableName, List<String>> checksums = new TreeMap<>();
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(half))) {
            for (Table table : tables) {
                Ledger ledger = lake.ledger(table.name());
                long head = ledger.read().head();
                List<String> sums = new ArrayList<>();
                long bytes = 0;
                for (long sequence = 1; sequence <= head; sequence++) {
                    byte[] content = ledger.content(sequence);
                    write(zip, name(table.name(), sequence), content);
                    sums.add(sha256(content));
                    bytes += content.length;
                }
                if (head > 0) {
                    checksums.put(table.name(), sums);
                    actions.add(new MaintenanceAction(
                            table.name(), Optional.empty(), "backed up " + head + " commits", head, 0, bytes, head));
                }
            }
            Checksums all =
                    new Checksums(FORMAT, lake.target().name(), lake.clock().instant(), checksums);
            write(zip, CHECKSUMS, Json.mapper().writeValueAsBytes(all));
        }
        Files.move(half, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        return actions;
    }

    private static void write(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }

    /**
     * Restores commits that the ledgers of these tables lack. Everything is checked before the first write, and
     * existing commits are not changed.
     *
     * @throws LakeException DEFINITION if the file is damaged, or if a ledger has later commits or is not the one in
     *     the backup; then nothing is written
     */
    public List<MaintenanceAction> restore(Collection<TableName> names, Path file, boolean dryRun) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Checksums checksums = checksums(zip, file);
            Map<TableName, Long> heads = new TreeMap<>();
            for (Map.Entry<TableName, List<String>> table : checksums.commits().entrySet()) {
                requireUndamaged(zip, file, table.getKey(), table.getValue());
                if (names.contains(table.getKey())) {
                    heads.put(table.getKey(), requirePrefix(table.getKey(), table.getValue(), checksums));
                }
            }
            List<MaintenanceAction> actions = new ArrayList<>();
            for (Map.Entry<TableName, Long> table : heads.entrySet()) {
                MaintenanceAction action = restore(
                        zip,
                        table.getKey(),
                        table.getValue(),
                        checksums.commits().get(table.getKey()).size(),
                        dryRun);
                if (action.files() > 0) {
                    actions.add(action);
                }
            }
            return actions;
        } catch (NoSuchFileException e) {
            throw new LakeException(ExitCode.USAGE, "There is no " + file + ". Give the path of a ledger's backup.", e);
        } catch (ZipException e) {
            throw damaged(file, e.getMessage());
        }
    }

    private static Checksums checksums(ZipFile zip, Path file) throws IOException {
        byte[] content = read(zip, CHECKSUMS)
                .orElseThrow(() -> damaged(file, "it has no " + CHECKSUMS + ", which is written last"));
        Checksums checksums;
        try {
            checksums = Json.mapper().readValue(content, Checksums.class);
        } catch (JacksonException e) {
            throw damaged(file, e.getOriginalMessage());
        }
        if (checksums.format() != FORMAT) {
            throw damaged(file, "its format is " + checksums.format() + ", and this program reads " + FORMAT);
        }
        return checksums;
    }

    private static void requireUndamaged(ZipFile zip, Path file, TableName table, List<String> sums)
            throws IOException {
        for (int i = 0; i < sums.size(); i++) {
            String name = name(table, i + 1L);
            byte[] content = read(zip, name).orElseThrow(() -> damaged(file, "it has no " + name));
            if (!sha256(content).equals(sums.get(i))) {
                throw damaged(file, name + " is not what was backed up");
            }
        }
    }

    /** The head of a ledger, after a check that its commits are a prefix of the backup's. */
    private long requirePrefix(TableName table, List<String> sums, Checksums backup) throws IOException {
        Ledger ledger = lake.ledger(table);
        long head = ledger.read().head();
        if (head > sums.size()) {
            throw refused(
                    table,
                    "it has " + head + " commits, and the backup of " + backup.madeAt() + " has " + sums.size()
                            + ": the newer ones would be lost");
        }
        for (long sequence = 1; sequence <= head; sequence++) {
            if (!sha256(ledger.content(sequence)).equals(sums.get((int) sequence - 1))) {
                throw refused(table, "its commit " + sequence + " is another one than that of the backup");
            }
        }
        return head;
    }

    private MaintenanceAction restore(ZipFile zip, TableName table, long head, int last, boolean dryRun)
            throws IOException {
        Ledger ledger = lake.ledger(table);
        long bytes = 0;
        for (long sequence = head + 1; sequence <= last; sequence++) {
            byte[] content = read(zip, name(table, sequence)).orElseThrow();
            bytes += content.length;
            if (!dryRun && !ledger.restore(sequence, content)) {
                throw refused(table, "another run has just made commit " + sequence + "; stop all runs first");
            }
        }
        long count = last - head;
        return new MaintenanceAction(
                table, Optional.empty(), "restored " + count + " commits", count, 0, bytes, dryRun ? 0 : last);
    }

    private static String name(TableName table, long sequence) {
        return String.format("%s/%012d.json", table, sequence);
    }

    private static Optional<byte[]> read(ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            return Optional.empty();
        }
        try (InputStream in = zip.getInputStream(entry)) {
            return Optional.of(in.readAllBytes());
        }
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static LakeException damaged(Path file, String how) {
        return new LakeException(
                ExitCode.DEFINITION,
                "Cannot restore from " + file + ": " + how + ". Nothing was written. Use another backup.");
    }

    private static LakeException refused(TableName table, String why) {
        return new LakeException(
                ExitCode.DEFINITION,
                "Refused to restore the ledger of " + table + ": " + why
                        + ". Name the tables whose ledgers are lost, or move this ledger's folder away first.");
    }
}
