// SPDX-License-Identifier: Apache-2.0
/**
 * Capture files: classic pcap and pcapng, read one frame at a time.
 */
@NullMarked
package io.keepstate.examples.dump.capture;

import org.jspecify.annotations.NullMarked;
