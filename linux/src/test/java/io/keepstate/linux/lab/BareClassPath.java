// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.lab;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;

/** A class path with a few jars and nothing else, to prove that code needs no more than those. */
public final class BareClassPath implements AutoCloseable {
    private final URLClassLoader loader;

    private BareClassPath(URLClassLoader loader) {
        this.loader = loader;
    }

    /** Holds the jars (or class folders) that these classes come from, and what is part of Java. */
    public static BareClassPath of(Class<?>... representatives) {
        URL[] jars = Arrays.stream(representatives)
                .map(each -> each.getProtectionDomain().getCodeSource().getLocation())
                .distinct()
                .toArray(URL[]::new);
        return new BareClassPath(new URLClassLoader(jars, ClassLoader.getPlatformClassLoader()));
    }

    /** Runs a program from this class path; what it throws comes as the cause of what is thrown. */
    @SuppressWarnings("unchecked") // a program of this kind is what the caller names
    public void run(Class<? extends Runnable> program) throws ReflectiveOperationException {
        Class<? extends Runnable> again = (Class<? extends Runnable>) loader.loadClass(program.getName());
        again.getConstructor().newInstance().run();
    }

    /** Whether it holds a class of this name. */
    public boolean holds(String className) {
        try {
            loader.loadClass(className);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
