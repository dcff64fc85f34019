package dev.igarape.api.random;

import java.nio.charset.StandardCharsets;

/**
 * SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014). Ours, because the same
 * arguments must give the same answer for ever, and no library promises its sequence across versions.
 */
final class SplitMix {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private long state;

    private SplitMix(long state) {
        this.state = state;
    }

    /** The generator of one row: rows don't depend on each other, so a page is a slice of the whole. */
    static SplitMix ofRow(long seed, long row) {
        return new SplitMix(mix(seed ^ mix(row + GOLDEN)));
    }

    /** FNV-1a, then mixed: near texts give far seeds. */
    static long seed(String text) {
        long hash = FNV_OFFSET;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return mix(hash);
    }

    /** @return at least 0, less than {@code bound}; biased by less than bound / 2^63 */
    int below(int bound) {
        return (int) ((next() >>> 1) % bound);
    }

    private long next() {
        state += GOLDEN;
        return mix(state);
    }

    private static long mix(long z) {
        long mixed = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
