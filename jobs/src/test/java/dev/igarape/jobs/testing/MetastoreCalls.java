package dev.igarape.jobs.testing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.metastore.MetaStoreEndFunctionContext;
import org.apache.hadoop.hive.metastore.MetaStoreEndFunctionListener;

/** Remembers which functions a metastore inside this process was asked for. */
public final class MetastoreCalls extends MetaStoreEndFunctionListener {
    private static final List<String> SEEN = Collections.synchronizedList(new ArrayList<>());

    /** For the metastore, which makes its listeners itself. */
    public MetastoreCalls(Configuration configuration) {
        super(configuration);
    }

    @Override
    public void onEndFunction(String function, MetaStoreEndFunctionContext context) {
        SEEN.add(function);
    }

    public static void reset() {
        SEEN.clear();
    }

    /** Names of functions, in the order of their ends. */
    public static List<String> seen() {
        return List.copyOf(SEEN);
    }
}
