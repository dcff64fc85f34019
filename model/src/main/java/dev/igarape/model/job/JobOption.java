package dev.igarape.model.job;

/** The options of the jobs' jar, as they are written on a command line. */
public final class JobOption {
    public static final String MANIFEST = "--manifest";
    public static final String TARGET = "--target";
    public static final String TABLES = "--tables";
    public static final String DEBUG = "--debug";
    public static final String RUN_ID = "--run-id";
    public static final String DRY_RUN = "--dry-run";

    public static final String DATE = "--date";
    public static final String FROM = "--from";
    public static final String TO = "--to";
    public static final String DUE = "--due";
    public static final String REFETCH = "--refetch";
    public static final String ACCEPT_GAP = "--accept-gap";
    public static final String ACCEPT_LOSS = "--accept-loss";
    public static final String ACCEPT_INCOMPLETE = "--accept-incomplete";

    public static final String SUBJECT = "--subject";
    public static final String OLDER_THAN = "--older-than";
    public static final String RULE = "--rule";
    public static final String LIMIT = "--limit";
    public static final String FILE = "--file";
    public static final String PROJECT = "--project";
    public static final String PIPELINES = "--pipelines";

    public static final String URL = "--url";
    public static final String USER = "--user";
    public static final String PASSWORD = "--password";
    public static final String SOURCE = "--source";
    public static final String BY = "--by";
    public static final String FROM_KEY = "--from-key";
    public static final String TO_KEY = "--to-key";

    public static final String EVERY = "--every";
    public static final String HOST = "--host";
    public static final String PORT = "--port";
    public static final String RUNS = "--runs";
    public static final String STATE_FILE = "--state-file";

    private JobOption() {}
}
