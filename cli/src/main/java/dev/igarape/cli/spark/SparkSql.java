package dev.igarape.cli.spark;

import dev.igarape.model.sql.SqlParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * Spark's SQL parser, loaded from the jobs' jar and the Spark distribution, since this module is built without Spark.
 */
public final class SparkSql implements AutoCloseable {
    private final URLClassLoader loader;

    private SparkSql(URLClassLoader loader) {
        this.loader = loader;
    }

    public static SparkSql of(Spark spark) {
        List<URL> urls = new ArrayList<>();
        try (Stream<Path> jars = Files.list(spark.home().resolve("jars"))) {
            urls.add(spark.jar().toUri().toURL());
            for (Path jar : jars.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList()) {
                urls.add(jar.toUri().toURL());
            }
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SparkSql(new URLClassLoader("spark", urls.toArray(new URL[0]), SparkSql.class.getClassLoader()));
    }

    public SqlParser parser() {
        return ServiceLoader.load(SqlParser.class, loader)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the jobs' jar has no SqlParser"));
    }

    @Override
    public void close() {
        try {
            loader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
