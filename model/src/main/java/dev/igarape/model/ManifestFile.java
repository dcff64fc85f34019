package dev.igarape.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Reader and writer of {@code manifest.json} on the local disk. */
public final class ManifestFile {
    private static final DefaultPrettyPrinter PRINTER = new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n"));

    private ManifestFile() {}

    /**
     * Writes the manifest, indented and ending in a line end; the same manifest gives the same bytes. The file is
     * replaced in one step: a reader sees the old one or the new one.
     *
     * @throws LakeException with {@link ExitCode#USAGE} where the file can't be written
     */
    public static void write(Manifest manifest, Path file) {
        Path absolute = file.toAbsolutePath();
        try {
            Files.createDirectories(absolute.getParent());
            Path fresh = absolute.resolveSibling(
                    "." + absolute.getFileName() + "." + ProcessHandle.current().pid());
            try {
                Files.writeString(fresh, text(manifest));
                Files.move(fresh, absolute, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw new LakeException(
                    ExitCode.USAGE, "Cannot write " + file + ": " + e + ". Check the folder's rights and space.", e);
        }
    }

    /** The manifest as JSON text. */
    public static String text(Manifest manifest) {
        try {
            return Json.mapper().writer(PRINTER).writeValueAsString(manifest) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a manifest is always JSON", e);
        }
    }

    /**
     * Reads a manifest.
     *
     * @throws LakeException with {@link ExitCode#USAGE} where there is no such file, with {@link ExitCode#DEFINITION}
     *     where it is not a manifest of this version
     */
    public static Manifest read(Path file) {
        try {
            return parse(Files.readString(file, StandardCharsets.UTF_8), file.toString());
        } catch (NoSuchFileException e) {
            throw new LakeException(
                    ExitCode.USAGE, "There is no manifest at " + file + ". Write it with ./lake compile.", e);
        } catch (IOException e) {
            throw new LakeException(ExitCode.USAGE, "Cannot read " + file + ": " + e + ".", e);
        }
    }

    /**
     * Reads a manifest from its text.
     *
     * @param origin where the text came from, for messages
     * @throws LakeException with {@link ExitCode#DEFINITION} where it is not a manifest of this version
     */
    public static Manifest parse(String text, String origin) {
        return parse(text, origin, Kinds.BUILT_IN);
    }

    /**
     * Reads a manifest with tables of these kinds from its text.
     *
     * @param origin where the text came from, for messages
     * @throws LakeException with {@link ExitCode#DEFINITION} where it is not a manifest of this version
     */
    public static Manifest parse(String text, String origin, Kinds kinds) {
        try {
            JsonNode tree = Json.mapper().readTree(text);
            JsonNode version = tree.path("version");
            if (!version.isInt() || version.intValue() != Manifest.VERSION) {
                throw new LakeException(
                        ExitCode.DEFINITION,
                        origin + " has version " + (version.isMissingNode() ? "none" : version) + ", but this Igarapé"
                                + " reads version " + Manifest.VERSION + ". Write it anew with ./lake compile.");
            }
            return kinds.mapper().treeToValue(tree, Manifest.class);
        } catch (JsonProcessingException e) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    origin + " is not a manifest: " + e.getOriginalMessage() + ". Write it anew with ./lake compile.",
                    e);
        }
    }
}
