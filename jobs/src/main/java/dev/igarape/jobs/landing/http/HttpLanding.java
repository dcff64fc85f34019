package dev.igarape.jobs.landing.http;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.CommitLoop;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * Lands an HTTP API's answers by date, byte for byte but for a byte order mark; needs no Spark session.
 *
 * <p>Files {@code date=D/page-00000.json}; the table's one column is {@code body STRING}. A date that was landed before
 * is kept unless it is fetched again on purpose.
 */
public final class HttpLanding {
    private static final Map<String, String> COLUMNS = Map.of("body", "string");

    private final Lake lake;
    private final Publishing publisher;
    private final HttpFetch fetch;

    public HttpLanding(Lake lake, Publishing publisher) {
        this.lake = lake;
        this.publisher = publisher;
        this.fetch = new HttpFetch(lake.files(), HttpFetch.Limits.USUAL);
    }

    /**
     * Fetches and publishes these dates. What was fetched before a date failed is committed.
     *
     * @param refetch also fetch dates that were landed before; the new answer replaces the old one
     * @throws LakeException UNAVAILABLE or DEFINITION as {@link HttpFetch#get} says
     */
    public List<TableRun> run(Table table, Source.Http source, List<LocalDate> dates, boolean refetch)
            throws IOException, InterruptedException {
        Ledger ledger = lake.ledger(table.name());
        LedgerState state = ledger.read();
        List<LocalDate> due = dates.stream()
                .filter(d -> refetch || state.builtOf(d).isEmpty())
                .toList();
        lake.steps().reached(Step.PLANNED);
        String commitId = lake.newCommitId();
        List<PartitionVersion> fetched = new ArrayList<>();
        Optional<LakeException> failure = Optional.empty();
        for (LocalDate date : due) {
            try {
                fetched.add(fetch(table, source, date, commitId));
            } catch (LakeException e) {
                failure = Optional.of(e);
                break;
            }
        }
        Optional<Commit> commit = Optional.empty();
        if (fetched.isEmpty()) {
            publisher.publish(table, ledger);
        } else {
            commit = commit(table, ledger, state, commitId, fetched, refetch);
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return TableRun.ofDates(table.name(), dates, ledger.read(), commit);
    }

    /** Commits what was fetched; of dates that another run landed meanwhile, its answer is kept. */
    private Optional<Commit> commit(
            Table table,
            Ledger ledger,
            LedgerState basis,
            String commitId,
            List<PartitionVersion> fetched,
            boolean refetch)
            throws IOException, InterruptedException {
        CommitLoop loop = new CommitLoop(table, ledger, publisher, lake.steps());
        return loop.run("commit to " + table.name(), "landed the same dates", basis, state -> {
            List<PartitionVersion> left = fetched.stream()
                    .filter(partition ->
                            refetch || state.builtOf(partition.date()).isEmpty())
                    .toList();
            if (left.isEmpty()) {
                return new CommitLoop.Unchanged<>(Optional::empty);
            }
            Commit draft = draft(table, commitId, left);
            ledger.requireFiles(draft, basis, state);
            return new CommitLoop.Draft<>(draft, Optional::of);
        });
    }

    private PartitionVersion fetch(Table table, Source.Http source, LocalDate date, String commitId)
            throws IOException, InterruptedException {
        String path = commitId + "/date=" + date;
        Path folder = new Path(new TableLayout(lake.target(), table).folder(), path);
        if (source.pages().isEmpty()) {
            HttpFetch.Fetched page = fetch.get(url(source, date, Optional.empty()), page(folder, 0));
            return new PartitionVersion(date, Optional.empty(), path, 1, 1, page.bytes());
        }
        Source.Pages pages = source.pages().get();
        int count = 0;
        long bytes = 0;
        while (true) {
            Path file = page(folder, count);
            HttpFetch.Fetched page = fetch.get(url(source, date, Optional.of(pages.first() + count)), file);
            if (page.isEmptyArray()) {
                lake.files().delete(file, false);
                lake.files().mkdirs(folder);
                return new PartitionVersion(date, Optional.empty(), path, count, count, bytes);
            }
            count++;
            bytes += page.bytes();
            if (count >= pages.limit()) {
                throw new LakeException(
                        ExitCode.DEFINITION,
                        "Cannot land " + table.name() + " for " + date + ": the API still had rows on page " + count
                                + ", the limit of pages. Raise pages.limit, or the rest would be lost. The date was"
                                + " not committed.");
            }
        }
    }

    private static Path page(Path folder, int number) {
        return new Path(folder, String.format("page-%05d.json", number));
    }

    private URI url(Source.Http source, LocalDate date, Optional<Integer> page) {
        StringBuilder query = new StringBuilder();
        for (Map.Entry<String, String> param : source.params().entrySet()) {
            String value = lake.expand(param.getValue().replace("{date}", date.toString()));
            append(query, param.getKey(), value);
        }
        page.ifPresent(p -> append(query, source.pages().orElseThrow().param(), p.toString()));
        String base = lake.expand(source.url());
        String whole = query.length() == 0 ? base : base + (base.contains("?") ? "&" : "?") + query;
        try {
            URI url = new URI(whole);
            if (url.getHost() != null && List.of("http", "https").contains(url.getScheme())) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw noAddress(whole, e);
        }
        throw noAddress(whole, null);
    }

    private static LakeException noAddress(String url, URISyntaxException cause) {
        return new LakeException(
                ExitCode.DEFINITION,
                "Cannot fetch '" + url + "': that is no http or https address. Mend the url of the landing, or the"
                        + " variable of the target that it names.",
                cause);
    }

    private static void append(StringBuilder query, String name, String value) {
        query.append(query.length() == 0 ? "" : "&")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    private Commit draft(Table table, String commitId, List<PartitionVersion> partitions) {
        List<DateBuild> builds = new ArrayList<>();
        Balance total = Balance.NONE;
        for (PartitionVersion partition : partitions) {
            Balance balance = Balance.landed(partition.rows(), partition.rows(), 0);
            builds.add(new DateBuild(partition.date(), Map.of(), true, balance, List.of()));
            total = total.plus(balance);
        }
        return lake.draft(table, commitId, Operation.LAND)
                .columns(COLUMNS)
                .dates(builds)
                .partitions(partitions)
                .balance(total)
                .build();
    }
}
