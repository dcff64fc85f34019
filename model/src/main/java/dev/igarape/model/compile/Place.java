package dev.igarape.model.compile;

/** Where something stands in a project's file; line and column count from 1, 0 means the whole. */
record Place(String file, int line, int column) {
    static Place whole(String file) {
        return new Place(file, 0, 0);
    }
}
