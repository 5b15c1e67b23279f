// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.lab;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test that asks for it a {@link Lab} of its own, the same to its {@code @BeforeEach} methods, and closes it
 * when the test ends. Skips the test where there is no root.
 */
public final class LabExtension implements ParameterResolver {
    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(LabExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Requires.root();
        // JUnit closes what is AutoCloseable in its store at the end of the context they belong to: this test.
        return context.getStore(STORE).getOrComputeIfAbsent(Lab.class, key -> Lab.open(), Lab.class);
    }
}
