// SPDX-License-Identifier: Apache-2.0
/**
 * Reader of the VRRP part of keepalived.conf: text in, immutable records and findings out. Pure.
 */
@NullMarked
package io.keepstate.examples.conf.keepalived;

import org.jspecify.annotations.NullMarked;
