package dev.igarape.cli.stack.config;

import dev.igarape.cli.base.Workspace;
import dev.igarape.model.Json;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file of the state folder that keeps the profile of the stack, from the first {@code up} on. */
public final class ProfileFile {
    private final Path file;
    private final Content content;

    private ProfileFile(Path file, Content content) {
        this.file = file;
        this.content = content;
    }

    /** @param growing whether data of a smaller profile still have fewer replicas than those of this one */
    private record Content(Profile profile, boolean growing) {}

    /** The file as it is; the profile {@code local} where there is none. */
    public static ProfileFile read(Workspace workspace) {
        Path file = workspace.profile();
        if (!Files.exists(file)) {
            return new ProfileFile(file, new Content(Profile.LOCAL, false));
        }
        try {
            return new ProfileFile(file, Json.mapper().readValue(file.toFile(), Content.class));
        } catch (IOException e) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "Cannot read %s: %s. Delete it and name the profile again: ./lake up --profile NAME --move"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    public Profile profile() {
        return content.profile();
    }

    /** Whether data of a smaller profile still have fewer replicas than those of this one. */
    public boolean isGrowing() {
        return content.growing();
    }

    /**
     * Makes a profile that of the stack.
     *
     * @param hasData whether the stack was started before
     * @param move whether data may be moved to the profile
     * @throws LakeException (USAGE) if the stack has data and another profile, and they may not or can't be moved
     */
    public ProfileFile change(Profile wanted, boolean hasData, boolean move) {
        if (wanted.equals(profile())) {
            return this;
        }
        if (!hasData) {
            return write(new Content(wanted, false));
        }
        if (!wanted.holds(profile())) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "This stack has the profile %s, and %s has fewer nodes than its data are on. Go on with ./lake up, or start another stack with that profile in a state folder of its own: LAKE_STATE=DIR ./lake up --profile %s"
                            .formatted(profile(), wanted, wanted.name()));
        }
        if (!move) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "This stack has the profile %s, and its data are laid out for that. To move them to %s, which keeps all of them and has no way back: ./lake down, then this command again with --move."
                            .formatted(profile(), wanted));
        }
        return write(new Content(wanted, true));
    }

    /** Says that all data have as many replicas as the profile wants. */
    public void grown() {
        write(new Content(profile(), false));
    }

    private ProfileFile write(Content changed) {
        try {
            ConfigTemplate.writeAtomically(
                    file, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(changed) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ProfileFile(file, changed);
    }
}
