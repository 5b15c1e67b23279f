// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

/** Which of the kernel's lists a dump shows. */
public enum DumpSource {
    /** The table. */
    TABLE(0x0101),
    /** The table, and sets the counters of each flow shown to zero (IPCTNL_MSG_CT_GET_CTRZERO). */
    TABLE_ZEROING_COUNTERS(0x0103),
    /** Flows that ended and whose event nobody has taken yet (IPCTNL_MSG_CT_GET_DYING). */
    DYING(0x0106),
    /** Flows whose first packet is still on its way; newer kernels show none (IPCTNL_MSG_CT_GET_UNCONFIRMED). */
    UNCONFIRMED(0x0107);

    private final int type;

    DumpSource(int type) {
        this.type = type;
    }

    int type() {
        return type;
    }
}
