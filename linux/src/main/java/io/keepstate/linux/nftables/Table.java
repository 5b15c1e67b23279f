// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.nftables;

/**
 * Names a table.
 *
 * @param family which packets it sees
 * @param name unique in its family
 */
public record Table(TableFamily family, String name) {
    @Override
    public String toString() {
        return family + " " + name;
    }
}
