package dev.igarape.jobs.keyed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import scala.collection.JavaConverters;

/** The jobs that Spark starts for some work. Each costs a small step more than the rows that it reads. */
final class StartedJobs {
    private StartedJobs() {}

    /** Something that may start jobs. */
    interface Work {
        void run() throws Exception;
    }

    /** Where in the code each job was started, for people, in order. */
    static List<String> of(SparkSession session, Work work) throws Exception {
        List<String> jobs = Collections.synchronizedList(new ArrayList<>());
        SparkListener listener = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart job) {
                jobs.add(String.join(
                        ", ",
                        JavaConverters.seqAsJavaList(job.stageInfos()).stream()
                                .map(stage -> stage.name())
                                .toList()));
            }
        };
        session.sparkContext().listenerBus().waitUntilEmpty();
        session.sparkContext().addSparkListener(listener);
        try {
            work.run();
            session.sparkContext().listenerBus().waitUntilEmpty();
        } finally {
            session.sparkContext().removeSparkListener(listener);
        }
        return List.copyOf(jobs);
    }
}
