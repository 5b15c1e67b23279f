// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.sysctl;

import io.keepstate.linux.namespace.NetworkNamespace;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes kernel parameters so that their original values come back, whatever happens to the process: the original is on
 * disk before the parameter changes, and {@link #recover} restores what a dead process has changed.
 *
 * <p>A parameter may be asked for several times, by several parts of a process and by several processes: the last one
 * that lets go restores it. What a living process changed is left to it. A value that somebody else has changed meanwhile
 * is theirs: it stays, with one line in the log.
 *
 * <p>One file per network namespace; a journal must be used by threads of the namespace it was opened in. Confined to one
 * thread. The file is text ({@code sysctl-NAMESPACE.journal}), for people to read after an accident.
 */
public final class SysctlJournal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SysctlJournal.class);

    private final Sysctl sysctl;
    private final JournalFile file;
    private final long namespace;
    private final JournalOwner owner;
    /** How often each parameter was asked for here. */
    private final Map<String, Integer> references = new HashMap<>();

    SysctlJournal(Path directory, Sysctl sysctl, JournalOwner owner) {
        this.sysctl = sysctl;
        this.owner = owner;
        this.namespace = NetworkNamespace.currentId();
        this.file = new JournalFile(directory, "sysctl-" + Long.toUnsignedString(namespace, 16) + ".journal");
    }

    /**
     * Opens the journal of the calling thread's network namespace; nothing is read or written yet.
     *
     * @param directory where journals are kept, made when needed; best on a file system that does not outlive a boot
     */
    public static SysctlJournal open(Path directory, Sysctl sysctl) {
        return new SysctlJournal(directory, sysctl, JournalOwner.create());
    }

    /**
     * Restores what processes changed that are dead now.
     *
     * @return the parameters that have their original value again because of this
     */
    public List<String> recover() {
        checkNamespace();
        List<String> restored = new ArrayList<>();
        if (!file.exists()) {
            return restored;
        }
        file.update(open -> {
            Map<String, JournalEntry> entries = open.entries();
            boolean changed = false;
            for (Iterator<JournalEntry> each = entries.values().iterator(); each.hasNext(); ) {
                JournalEntry entry = each.next();
                JournalEntry living = entry.withoutTheDead();
                if (living.owners().isEmpty()) {
                    changed = true;
                    each.remove();
                    if (restore(entry)) {
                        restored.add(entry.key());
                    }
                }
            }
            if (changed) {
                open.save();
            }
        });
        return restored;
    }

    /** Sets one parameter; see {@link #set(Map)}. */
    public void set(String key, String value) {
        set(Map.of(key, value));
    }

    /**
     * Sets parameters, their originals saved before; each must be let go by {@link #release} as often as it was set. One
     * that is as wanted already, and that nobody else holds, is left to whoever made it so.
     *
     * @return those that do not exist (now), which is no error: an interface may be gone, a kernel without IPv6
     * @throws UncheckedIOException if the journal cannot be written (nothing is changed then) or the kernel refuses
     */
    public List<String> set(Map<String, String> values) {
        checkNamespace();
        List<String> missing = new ArrayList<>();
        file.update(open -> {
            Map<String, String> writes = new LinkedHashMap<>();
            boolean changed = false;
            for (Map.Entry<String, String> wanted : values.entrySet()) {
                String key = wanted.getKey();
                Optional<String> current = sysctl.read(key);
                if (current.isEmpty()) {
                    missing.add(key);
                    continue;
                }
                references.merge(key, 1, Integer::sum);
                JournalEntry known = open.entries().get(key);
                if (known == null && current.get().equals(wanted.getValue())) {
                    continue;
                }
                JournalEntry entry = entry(known, key, current.get(), wanted.getValue());
                changed |= !entry.equals(known);
                open.entries().put(key, entry);
                if (!current.get().equals(wanted.getValue())) {
                    writes.put(key, wanted.getValue());
                }
            }
            if (changed) {
                open.save();
            }
            writes.forEach(sysctl::write);
        });
        return missing;
    }

    /** A value that is not the one we set is a new original: somebody changed it, or its interface was made again. */
    private JournalEntry entry(@Nullable JournalEntry known, String key, String current, String value) {
        if (known == null) {
            return new JournalEntry(key, current, value, List.of(owner));
        }
        JournalEntry ours = known.with(owner);
        boolean touched = !current.equals(known.value());
        return touched || !value.equals(known.value())
                ? new JournalEntry(key, touched ? current : known.original(), value, ours.owners())
                : ours;
    }

    /** Lets a parameter go; the last one to do so restores it. What is not held is left alone. */
    public void release(String key) {
        Integer held = references.get(key);
        if (held == null) {
            return;
        }
        if (held > 1) {
            references.put(key, held - 1);
            return;
        }
        references.remove(key);
        letGo(List.of(key));
    }

    private void letGo(List<String> keys) {
        checkNamespace();
        file.update(open -> {
            boolean changed = false;
            for (String key : keys) {
                JournalEntry entry = open.entries().get(key);
                if (entry == null || !entry.owners().contains(owner)) {
                    continue;
                }
                changed = true;
                JournalEntry others = entry.without(owner).withoutTheDead();
                if (others.owners().isEmpty()) {
                    // Restored before it is struck out: dying in between costs nothing.
                    restore(entry);
                    open.entries().remove(key);
                } else {
                    open.entries().put(key, others);
                }
            }
            if (changed) {
                open.save();
            }
        });
    }

    private boolean restore(JournalEntry entry) {
        try {
            Optional<String> current = sysctl.read(entry.key());
            if (current.isEmpty() || current.get().equals(entry.original())) {
                return false;
            }
            if (!current.get().equals(entry.value())) {
                LOG.info(
                        "kernel parameter {} is {}: somebody changed it from our {}; it stays, the value before was {}",
                        entry.key(),
                        current.get(),
                        entry.value(),
                        entry.original());
                return false;
            }
            sysctl.write(entry.key(), entry.original());
            LOG.info("kernel parameter {} is {} again", entry.key(), entry.original());
            return true;
        } catch (UncheckedIOException e) {
            LOG.warn("kernel parameter {} was not restored to {}", entry.key(), entry.original(), e);
            return false;
        }
    }

    /** In another namespace the same names are other parameters. */
    private void checkNamespace() {
        if (NetworkNamespace.currentId() != namespace) {
            throw new IllegalStateException(
                    "the journal of kernel parameters belongs to another network namespace than this thread");
        }
    }

    /** Lets everything go. */
    @Override
    public void close() {
        if (!references.isEmpty()) {
            List<String> keys = List.copyOf(references.keySet());
            references.clear();
            letGo(keys);
        }
    }
}
