// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.conntrack.codec.ExpectationEncoder;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.Family;
import io.keepstate.flow.Tuple;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's expectations of one network namespace, one request at a time: they are few (nf_conntrack_expect_max),
 * and a request takes some microseconds. Orders answer with the kernel's error number, 0 means done.
 *
 * <p>The kernel never tells an expectation's zone. Obtained from {@link Conntrack#expectations}; one thread.
 */
public final class Expectations {
    /** For {@link #put}: as long as the helper wants. */
    public static final long HELPERS_TIMEOUT = 0;

    private final SingleRequests requests;

    Expectations(SingleRequests requests) {
        this.requests = requests;
    }

    /**
     * All of them.
     *
     * @param family only this one, null for both
     * @throws LinuxException if the kernel refuses
     */
    public List<Expectation> dumpAll(@Nullable Family family) {
        List<Expectation> all = new ArrayList<>();
        int errno = requests.dump((out, sequence) -> ExpectationEncoder.dump(out, sequence, family), decoder -> {
            if (decoder.kind().hasExpectation()) {
                all.add(decoder.expectation());
            }
        });
        if (errno != 0) {
            throw new LinuxException("expectation dump", errno);
        }
        return all;
    }

    /** The one that a flow of this tuple would meet; empty if there is none. */
    public Optional<Expectation> get(Tuple expected, int zone) {
        requests.ask((out, sequence) -> ExpectationEncoder.get(out, sequence, true, expected, zone));
        return Optional.ofNullable(requests.expectation());
    }

    /**
     * Creates one, with translation, class and function.
     *
     * @return 0; EEXIST if there is one of its tuple; ENOENT if its master is not in the table; EOPNOTSUPP if the
     *     master has no helper, or not that one; EINVAL for an unknown class or function; EBUSY, EMFILE at a limit
     */
    public int create(Expectation expectation, long timeoutSeconds) {
        return requests.ask(
                (out, sequence) -> ExpectationEncoder.create(out, sequence, true, expectation, timeoutSeconds));
    }

    /** Changes the timeout, which is all the kernel lets change: 0, or ENOENT. */
    public int update(Expectation expectation, long timeoutSeconds) {
        return requests.ask(
                (out, sequence) -> ExpectationEncoder.update(out, sequence, true, expectation, timeoutSeconds));
    }

    /** Deletes one by its expected tuple; with an id only that very one: 0, or ENOENT. */
    public int delete(Expectation expectation) {
        return requests.ask((out, sequence) -> ExpectationEncoder.delete(out, sequence, true, expectation));
    }

    /** Deletes those of one helper; 0 also if there were none. */
    public int deleteOfHelper(String helper) {
        return requests.ask((out, sequence) -> ExpectationEncoder.deleteOfHelper(out, sequence, helper));
    }

    /** Deletes all. */
    public int flush() {
        return requests.ask(ExpectationEncoder::flush);
    }

    /**
     * Puts an expectation of another machine into the table: with its timeout, and in the place of one of the same
     * tuple that is another one (an older announcement, or translated differently).
     *
     * @param timeoutSeconds until the kernel gives it up; {@link #HELPERS_TIMEOUT}: what its helper says
     * @return 0, or why not, as {@link #create}
     */
    public int put(Expectation expectation, long timeoutSeconds) {
        int errno = create(expectation, timeoutSeconds);
        if (errno == Errno.EEXIST) {
            Optional<Expectation> there = get(expectation.expected(), expectation.zone());
            if (there.isEmpty() || !isSame(there.get(), expectation)) {
                there.ifPresent(this::delete);
                errno = create(expectation, timeoutSeconds);
            } else {
                errno = 0;
            }
        }
        // A create takes the helper's timeout whatever the request says; a change takes ours.
        return errno != 0 || timeoutSeconds == HELPERS_TIMEOUT ? errno : update(expectation, timeoutSeconds);
    }

    private static boolean isSame(Expectation there, Expectation wanted) {
        return there.master().equals(wanted.master())
                && there.mask().equals(wanted.mask())
                && there.expectationClass() == wanted.expectationClass()
                && Objects.equals(there.nat(), wanted.nat())
                && Objects.equals(there.function(), wanted.function());
    }
}
