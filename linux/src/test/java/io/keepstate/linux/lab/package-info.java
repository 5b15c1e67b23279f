// SPDX-License-Identifier: Apache-2.0
/**
 * The laboratory of the kernel tests of all modules: private network namespaces, cables between them, processes in them.
 *
 * <p>A test class says {@code @ExtendWith(LabExtension.class)} and takes a {@link io.keepstate.linux.lab.Lab} as a
 * parameter. When the test ends, however it ends, everything made is gone: processes, links, namespaces, files.
 */
@NullMarked
package io.keepstate.linux.lab;

import org.jspecify.annotations.NullMarked;
