// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

/** What one netlink message of the two conntrack subsystems is. */
public enum MessageKind {
    /** A flow was made: IPCTNL_MSG_CT_NEW with NLM_F_CREATE and NLM_F_EXCL. */
    NEW,
    /** A flow changed, or the answer to a get or a dump: IPCTNL_MSG_CT_NEW without these flags. */
    UPDATE,
    /** A flow ended: IPCTNL_MSG_CT_DELETE; carries tuples and id, neither timeout nor protocol state. */
    DESTROY,
    /** An expectation was made: IPCTNL_MSG_EXP_NEW with NLM_F_CREATE and NLM_F_EXCL. */
    EXPECTATION_NEW,
    /** An expectation changed, or the answer to a get or a dump: IPCTNL_MSG_EXP_NEW without these flags. */
    EXPECTATION_UPDATE,
    /** An expectation was met, deleted, or ran out: IPCTNL_MSG_EXP_DELETE. */
    EXPECTATION_DESTROY,
    /** NLMSG_ERROR with error 0: the request with this sequence number succeeded. */
    ACK,
    /** NLMSG_ERROR: the request with this sequence number failed, {@link ConntrackDecoder#errno()} says why. */
    ERROR,
    /** NLMSG_DONE: the dump is complete, or failed if {@link ConntrackDecoder#errno()} is not 0. */
    DONE,
    /** A message of no interest (another subsystem, NLMSG_NOOP): skipped. */
    OTHER,
    /** Not a message this decoder accepts; {@link ConntrackDecoder#malformed()} says why. */
    MALFORMED;

    /** Whether the message carries a flow. */
    public boolean hasFlow() {
        return this == NEW || this == UPDATE || this == DESTROY;
    }

    /** Whether the message carries an expectation. */
    public boolean hasExpectation() {
        return this == EXPECTATION_NEW || this == EXPECTATION_UPDATE || this == EXPECTATION_DESTROY;
    }
}
