package dev.igarape.cli.demo.checked;

/** The lake's file system, as those who deliver files see it. */
@FunctionalInterface
public interface LakeFiles {
    /** Creates a file with the folders above it, or replaces it. */
    void put(String path, byte[] content);
}
