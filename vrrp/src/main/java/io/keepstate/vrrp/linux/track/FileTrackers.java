// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux.track;

import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.socket.Inotify;
import io.keepstate.linux.socket.Pollable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the directories of all tracked files. What inotify cannot see (a directory that does not exist yet, a file behind
 * a symbolic link, a file system of another machine) is found by reading each file once a second.
 *
 * <p>Belongs to the tracking thread.
 */
final class FileTrackers implements Pollable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileTrackers.class);
    private static final long LOOK_NANOS = 1_000_000_000L;

    private List<FileTracker> files = List.of();
    private final Inotify inotify = Inotify.open();
    private final Map<Integer, Path> directories = new HashMap<>();
    private final Inotify.Handler changes = new Changes();
    private boolean complained;
    private long nextLook;

    FileTrackers(long nowNanos) {
        this.nextLook = nowNanos + LOOK_NANOS;
    }

    /** Watches these from now on; those that it watched already go on. */
    void use(List<FileTracker> wanted) {
        List<FileTracker> fresh = new ArrayList<>(wanted);
        fresh.removeAll(files);
        files = List.copyOf(wanted);
        watchDirectories();
        // After the watch begins, so that no change falls between.
        fresh.forEach(FileTracker::start);
    }

    List<FileTracker> files() {
        return files;
    }

    @Override
    public int fd() {
        return inotify.fd();
    }

    int receive() {
        return inotify.receive(changes);
    }

    void advance(long nowNanos) {
        if (nowNanos >= nextLook) {
            nextLook = nowNanos + LOOK_NANOS;
            watchDirectories();
            files.forEach(FileTracker::look);
        }
    }

    long nextDeadline() {
        return nextLook;
    }

    @Override
    public void close() {
        inotify.close();
    }

    private void watchDirectories() {
        List<Path> wanted = new ArrayList<>();
        for (FileTracker file : files) {
            if (!directories.containsValue(file.directory()) && !wanted.contains(file.directory())) {
                wanted.add(file.directory());
            }
        }
        for (Path directory : wanted) {
            int watch = inotify.watch(directory.toString());
            if (watch >= 0) {
                directories.put(watch, directory);
            } else if (!complained) {
                complained = true;
                LOG.warn(
                        "directory {} of a tracked file cannot be watched ({}); its files are looked at every second",
                        directory,
                        Errno.describe(-watch));
            }
        }
    }

    private final class Changes implements Inotify.Handler {
        @Override
        public void onFile(int watch, String name) {
            Path directory = directories.get(watch);
            for (FileTracker file : files) {
                if (file.fileName().equals(name) && file.directory().equals(directory)) {
                    file.read();
                }
            }
        }

        @Override
        public void onDirectoryGone(int watch) {
            if (directories.remove(watch) != null) {
                // A directory that was renamed is still watched under its new name.
                inotify.forget(watch);
            }
            nextLook = Long.MIN_VALUE;
        }

        @Override
        public void onOverflow() {
            files.forEach(FileTracker::read);
        }
    }
}
