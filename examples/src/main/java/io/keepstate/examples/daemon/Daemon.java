// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.conntrackd.ConntrackdConfig;
import io.keepstate.examples.conf.conntrackd.GeneralConfig;
import io.keepstate.examples.conf.conntrackd.StatsConfig;
import io.keepstate.examples.conf.keepalived.KeepalivedConfig;
import io.keepstate.examples.control.ControlAccess;
import io.keepstate.examples.control.ControlSocketException;
import io.keepstate.examples.control.LockFile;
import io.keepstate.examples.notify.NotifyScripts;
import io.keepstate.examples.statistics.CollectorLoop;
import io.keepstate.examples.statistics.CollectorSettings;
import io.keepstate.examples.statistics.EndedFlowLog;
import io.keepstate.examples.statistics.StatisticsService;
import io.keepstate.linux.libc.CLibrary;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.linux.LinuxNode;
import io.keepstate.node.linux.NodeStartException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The daemon: reads the files, opens logs, lock and control socket, and runs a node until it is told to end. */
public final class Daemon {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private final Settings settings;
    private final Supplier<Settings> reader;
    private final boolean withoutSync;
    /** What was opened, to be closed in the opposite order. */
    private final Deque<Part> parts = new ArrayDeque<>();

    private final CountDownLatch told = new CountDownLatch(1);
    private final ServiceManager manager;
    private volatile boolean closed;
    private @Nullable CollectorLoop collector;
    private @Nullable LinuxNode node;
    private @Nullable ControlLoop control;
    private @Nullable Reload reload;

    private record Part(String name, AutoCloseable closeable) {}

    /**
     * A daemon, not started.
     *
     * @param settings what it is to be
     * @param reader reads the same files again
     */
    Daemon(Settings settings, Supplier<Settings> reader, boolean withoutSync) {
        this.settings = settings;
        this.reader = reader;
        this.withoutSync = withoutSync;
        boolean toBeTold =
                settings.conntrackd().map(config -> config.general().systemd()).orElse(true);
        this.manager = toBeTold ? ServiceManager.of(System.getenv()) : ServiceManager.none();
    }

    /** Runs a node; answers the exit code of the process: 0 after a clean end, 1 when it cannot start. */
    public static int run(DaemonOptions options) {
        Supplier<Settings> reader = () -> Settings.read(options.keepalivedConf(), options.conntrackdConf())
                .withOwn(options.keepstateConf(), options.conntrackdConf());
        Settings settings = reader.get();
        if (settings.hasErrors()) {
            settings.findings().forEach(Daemon::log);
            LOG.error("the configuration cannot be used: mend the errors above and start again");
            return 1;
        }
        return new Daemon(settings, reader, options.withoutSync()).run(failure -> {});
    }

    /** Who waits for the daemon to run. */
    @FunctionalInterface
    interface Waiting {
        /** It runs, or it does not for this reason. */
        void started(Optional<String> failure);
    }

    /** Opens what it needs, runs until it is told to end, and answers 0; 1 when it cannot start. */
    int run(Waiting waiting) {
        // The machine's own answer to SIGTERM is exit code 143; a daemon that ends cleanly says 0. Registered before
        // anything is opened: a signal in the middle of the start must not leave half of it behind.
        Thread hook = new Thread(this::endAndHalt, "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            open();
        } catch (IOException | ControlSocketException | NodeStartException | RuntimeException | Error e) {
            // An Error too: it would end this thread, and the hook would end the process as if all were well.
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            LOG.error("{}", reason, e instanceof Error ? e : null);
            close();
            forget(hook);
            waiting.started(Optional.of(reason));
            return 1;
        }
        LOG.info("initialization completed");
        waiting.started(Optional.empty());
        manager.ready(settings.keepalived().isPresent() ? "electing" : isCollecting() ? "collecting" : "replicating");
        try {
            told.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end();
        return 0;
    }

    /** So that the exit code of a start that failed is not that of a clean end. */
    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // A signal came as well: the hook runs already and decides.
        }
    }

    /** The node, once {@link #open} made it. */
    LinuxNode node() {
        return Objects.requireNonNull(node);
    }

    /** The control socket, once {@link #open} made it. */
    ControlLoop control() {
        return Objects.requireNonNull(control);
    }

    /** Opens everything in the calling thread's network namespace; {@link #close} is due also when it fails. */
    synchronized void open() throws IOException, ControlSocketException, NodeStartException {
        if (closed) {
            return; // told to end before it began
        }
        // Before anything that needs it, syslog among others: if it is not there one sentence says so.
        CLibrary.libc();
        if (settings.conntrackd().isPresent()) {
            DaemonLog.open(settings.conntrackd().get().general());
        }
        own("log", DaemonLog.neverWait());
        own("service manager", manager);
        settings.findings().forEach(Daemon::log);
        if (settings.conntrackd().isPresent()) {
            openLock(settings.conntrackd().get().general());
        }
        if (isCollecting()) {
            openStatistics(settings.conntrackd().orElseThrow());
            if (settings.keepalived().isEmpty()) {
                own("signals", SignalWatch.start(signal -> LOG.info("signal {} has nothing to do here", signal)));
                own("watchdog", Watchdog.start(manager, this::answers));
                return;
            }
        }
        settings.keepalived().ifPresent(this::runOnceScripts);
        NodeConfiguration configuration = NodeMapping.of(settings, withoutSync);
        LinuxNode.Builder builder =
                LinuxNode.builder().configuration(configuration).listener(new ConntrackdNotices());
        configuration.sync().ifPresent(sync -> ConntrackdNotices.atStart(sync).forEach(LOG::info));
        settings.keepalived()
                .ifPresent(config -> config.globalDefs().realTimePriority().ifPresent(builder::realTimePriority));
        settings.conntrackd()
                .flatMap(config -> config.general().realTimePriority())
                .ifPresent(builder::realTimePriority);
        Optional<Notifier> notifier = settings.keepalived().isPresent()
                ? Optional.of(openNotifier(settings.keepalived().get(), builder))
                : Optional.empty();
        node = builder.build();
        if (settings.conntrackd().isPresent() && !isCollecting()) {
            openControl(settings.conntrackd().get().general(), node, configuration);
        }
        parts.push(new Part("node", node));
        node.start();
        Reload onHangup = new Reload(node, settings, reader, withoutSync, notifier);
        reload = onHangup;
        StatusDumps dumps = new StatusDumps(node);
        own("signals", SignalWatch.start(signal -> onSignal(signal, onHangup, dumps)));
        own("watchdog", Watchdog.start(manager, this::answers));
    }

    /** The one before everything is run now, and the one after everything when all opened from here on is closed. */
    private void runOnceScripts(KeepalivedConfig config) {
        config.globalDefs().startup().ifPresent(once -> NotifyMapping.await(config, once));
        own("shutdown script", () -> {
            KeepalivedConfig last =
                    reload == null ? config : reload.settings().keepalived().orElse(config);
            last.globalDefs().shutdown().ifPresent(once -> NotifyMapping.await(last, once));
        });
    }

    /** A file without Sync means the statistics mode, as with conntrackd. */
    private boolean isCollecting() {
        return settings.conntrackd().map(config -> config.sync().isEmpty()).orElse(false);
    }

    private void openStatistics(ConntrackdConfig config) throws IOException, ControlSocketException {
        Optional<StatsConfig> stats = config.stats();
        Consumer<String> syslog = stats.flatMap(StatsConfig::syslog)
                .map(facility -> DaemonLog.flowsToSyslog(facility.code()))
                .orElse(line -> {});
        GeneralConfig general = config.general();
        EndedFlowLog log = EndedFlowLog.open(stats.flatMap(StatsConfig::logFile).map(Path::of), syslog);
        CollectorLoop collecting = CollectorLoop.start(
                new CollectorSettings(general.filter(), general.hashLimit(), general.netlink()), log);
        collector = collecting;
        own("statistics", collecting);
        control = ControlLoop.start(
                Path.of(general.unix().path()),
                ControlAccess.of(settings.own().controlGroup()),
                loop -> new StatisticsService(collecting, loop::count, loop, told::countDown));
        own("control socket", control);
    }

    /** Whether all loops still turn. */
    private boolean answers() {
        try {
            boolean collects = collector == null || collector.ask(some -> true);
            LinuxNode asked = node;
            return collects && (asked == null || (asked.routers() != null && asked.ask(duty -> true)));
        } catch (IllegalStateException stuck) {
            return false;
        }
    }

    /** Made before any loop raises its priority: a script must not inherit that. */
    private Notifier openNotifier(KeepalivedConfig config, LinuxNode.Builder builder) throws IOException {
        NotifyScripts scripts = new NotifyScripts();
        own("notify scripts", scripts);
        scripts.use(NotifyMapping.settings(config));
        RoleScripts roles = new RoleScripts(config, scripts);
        // Closed after the node and before the scripts: then the last changes are told.
        own("notifications", roles);
        builder.listener(roles);
        return new Notifier(scripts, roles);
    }

    private static void onSignal(SignalName signal, Reload reload, StatusDumps dumps) {
        if (signal == SignalName.RELOAD) {
            reload.run();
        } else {
            reload.settings()
                    .keepalived()
                    .ifPresentOrElse(
                            config -> dumps.write(signal, config),
                            () -> LOG.info("signal {} shows elections, and there are none here", signal));
        }
    }

    /** Writes what SIGUSR1 shows into the log. */
    void logData() {
        settings.keepalived().ifPresent(config -> LOG.info("{}", new StatusDumps(node()).data(config)));
    }

    /** Adds something to be closed at the end, before what was added earlier. */
    void own(String name, AutoCloseable part) {
        parts.push(new Part(name, part));
    }

    /** What is running now, once {@link #open} succeeded. */
    Reload reload() {
        return Objects.requireNonNull(reload);
    }

    private void openLock(GeneralConfig general) throws IOException, ControlSocketException {
        own("clients that wait for the end", () -> {
            if (control != null) {
                control.farewell();
            }
        });
        LockFile lock = LockFile.acquire(
                Path.of(general.lockFile()), Path.of(general.unix().path()));
        parts.push(new Part("lock file", lock));
        lock.takenOverFrom()
                .ifPresent(owner ->
                        LOG.warn("took over the lock file {} of {}, which is dead", general.lockFile(), owner));
    }

    /** The socket answers before the node runs, but a request is only served once it does. */
    private void openControl(GeneralConfig general, LinuxNode node, NodeConfiguration configuration)
            throws ControlSocketException {
        Statistics.SyncLimits limits =
                configuration.sync().map(Statistics.SyncLimits::of).orElse(Statistics.SyncLimits.NONE);
        control = ControlLoop.start(
                Path.of(general.unix().path()),
                ControlAccess.of(settings.own().controlGroup()),
                loop -> new ControlService(
                        new NodeControl(node, limits, loop::count),
                        controlSettings(configuration),
                        loop,
                        told::countDown));
        parts.push(new Part("control socket", control));
    }

    private static ControlService.Synced controlSettings(NodeConfiguration configuration) {
        return configuration
                .sync()
                .map(sync -> new ControlService.Synced(
                        sync.expectations().enabled(), sync.purgeTimeout().toSeconds()))
                .orElse(new ControlService.Synced(false, 0));
    }

    private void endAndHalt() {
        end();
        Runtime.getRuntime().halt(0);
    }

    private void end() {
        if (!closed) {
            LOG.info("---- shutdown received ----");
            manager.stopping();
        }
        close();
    }

    /** The node first: it resigns; the lock last, when nothing of this daemon is left. A later call does nothing. */
    synchronized void close() {
        closed = true;
        for (Part part = parts.poll(); part != null; part = parts.poll()) {
            try {
                part.closeable().close();
            } catch (Exception e) {
                LOG.warn("the {} could not be closed: {}", part.name(), e.getMessage());
            }
        }
    }

    /** Writes a finding to the log. */
    static void log(Finding finding) {
        switch (finding.severity()) {
            case ERROR -> LOG.error("{}", finding.forLog());
            case INVALID, WARNING -> LOG.warn("{}", finding.forLog());
            case NOTE -> LOG.info("{}", finding.forLog());
        }
    }
}
